package handlers

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
)

// Teachers' devices that came by the link to keep are no visitors that we know; each follows all the same.
func TestEveryLecturersProjectorFollows(t *testing.T) {
	s := newSite(t)
	for n := range 5 {
		teacher, code := s.openClass(t)
		at, err := url.Parse(s.URL + "/class/" + code + "/events")
		if err != nil {
			t.Fatal(err)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range teacher.Jar.Cookies(at) {
			if cookie.Name == "teacher" {
				jar.SetCookies(at, []*http.Cookie{cookie})
			}
		}
		for _, device := range []string{"projector", "page in hand"} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", at.String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := (&http.Client{Jar: jar}).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { resp.Body.Close() })
			if resp.StatusCode != http.StatusOK {
				t.Errorf("lecturer %d’s %s: status %d, want 200", n+1, device, resp.StatusCode)
			}
		}
	}
}
