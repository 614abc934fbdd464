package handlers

import (
	"net/url"
	"sync/atomic"
	"testing"

	"gradlab/handlers/labs"
)

// To check an address lists the layers of every net that it names, so it is read once for each answer.
func TestAnAddressIsReadOnce(t *testing.T) {
	var reads atomic.Int32
	all := labs.All()
	for i, l := range all {
		all[i].Page = func(query url.Values) labs.Page {
			reads.Add(1)
			return l.Page(query)
		}
	}
	site := newSite(t, func(c *Config) { c.Labs = all })
	for _, l := range all {
		for _, path := range []string{"/labs/" + l.Name, "/embed/" + l.Name, "/labs/" + l.Name + "/board"} {
			reads.Store(0)
			site.do(t, site.client(t), "GET", path, nil).wants(t, 200, "", "")
			if n := reads.Load(); n != 1 {
				t.Errorf("GET %s reads its address %d times", path, n)
			}
		}
	}
}
