package handlers

import (
	"bufio"
	"net/url"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/persons"
	"gradlab/store"
)

// The stream of who signs out ends, on whichever replica it is; that of the same person elsewhere goes on until they sign out everywhere, and
// that of who has not signed in for good.
func TestStreamEndsWithTheSession(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		memory := &classroom.Memory{}
		bus := func(c *Config) {
			c.Bus = memory
			if shared, err := c.Classes.(*store.Store).Bus(); err == nil {
				t.Cleanup(func() { shared.Close() })
				c.Bus = shared
			}
		}
		c := newTestClassOn(t, dsn, bus)
		replica := newSiteOn(t, dsn, bus)
		anna := persons.Identity{Issuer: "https://idp.example.edu", Subject: "anna", Role: persons.Student}
		phone, laptop := c.client(t), c.client(t)
		c.signIn(t, phone, anna)
		c.signIn(t, laptop, anna)
		c.do(t, phone, "POST", "/class/join", url.Values{"code": {c.code}, "nickname": {"Anna B"}}).wants(t, 303, "", "")
		hears := func(lines *bufio.Scanner, what string) bool {
			for lines.Scan() {
				if strings.Contains(lines.Text(), what) {
					return true
				}
			}
			return false
		}
		here, there, other := c.listen(t, phone, replica.URL), c.listen(t, laptop, replica.URL), c.listen(t, c.student, replica.URL)
		c.do(t, phone, "POST", "/sign-out", url.Values{}).wants(t, 303, "", "")
		if hears(here, "event: change") {
			t.Error("who has signed out is told of a change")
		}
		c.act(t, "show", "path", "/labs/chain?depth=7")
		if !hears(there, "depth=7") || !hears(other, "depth=7") {
			t.Error("another's stream ended, too")
		}
		c.do(t, laptop, "POST", "/me/everywhere", url.Values{}).wants(t, 303, "", "")
		if hears(there, "event: change") {
			t.Error("who has signed out everywhere is told of a change")
		}
		c.act(t, "show", "path", "/labs/chain?depth=8")
		if !hears(other, "depth=8") {
			t.Error("the stream of who has not signed in ended, too")
		}
	})
}
