package handlers

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The teacher is told how many are there, not how many ever were.
func TestThoseThereAreCounted(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, dsn string) {
		c := newTestClassOn(t, dsn)
		c.join(t, c.code, "Carl")
		class := "/class/" + c.code
		says := func(want string) {
			t.Helper()
			var body string
			for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				if body = c.do(t, c.teacher, "GET", class+"/board", nil).body; strings.Contains(body, want) {
					return
				}
			}
			t.Fatalf("the teacher is not told of %q:\n%s", want, body)
		}
		says("2 students")
		stored := c.stored(t)
		members, err := c.store.Members(t.Context(), stored.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.store.Seen(t.Context(), stored.ID, nil, []string{members[0].ID, members[1].ID}); err != nil {
			t.Fatal(err)
		}
		says("0 students here, of 2 who joined")
		ctx, leave := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", c.URL+class+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := c.student.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		says("1 student here, of 2 who joined")
		leave()
		says("0 students here, of 2 who joined")
	})
}
