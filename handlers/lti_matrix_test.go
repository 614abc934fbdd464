package handlers

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"gradlab/lti/ltitest"
	"gradlab/persons"
)

// courseRoles are everybody who may come to what courses link, in the order of the statuses in courseMatrix. The operators are one with the
// operator's key, and one who has signed in as that.
var courseRoles = []string{"nobody", "visitor", "student", "teacher", "teacher of another course", "operator", "signed-in operator"}

// courseMatrix says of every route of learning platforms what each role is answered, on a site where such can be registered. {login} is what a
// platform sends; {class} and {homework} are the teacher's, linked by one course.
var courseMatrix = []struct {
	method, route string
	query         string
	form          url.Values
	statuses      string // of each role, or one of all
}{
	{"GET", "/lti/login", "", nil, "400"},
	{"GET", "/lti/login", "{login}", nil, "302"},
	{"POST", "/lti/login", "", url.Values{}, "400"},
	{"POST", "/lti/launch", "", url.Values{}, "400"},
	{"POST", "/lti/launch", "", url.Values{"state": {"forged"}, "id_token": {"e30.e30."}}, "400"},
	{"POST", "/lti/choose", "", url.Values{"kind": {"class"}}, "400"},
	{"POST", "/lti/choose", "", url.Values{"kind": {"class"}, "sealed": {"forged"}}, "400"},
	{"GET", "/lti/jwks.json", "", nil, "200"},
	{"GET", "/lti/register", "", nil, "200"},
	// The key for platforms is asked of everybody, whoever they are.
	{"GET", "/lti/register", "openid_configuration=https://lms.example.edu/about", nil, "403"},
	{"POST", "/lti/register", "", url.Values{}, "403"},
	{"POST", "/lti/register", "", url.Values{"key": {"wrong"}, "openid_configuration": {"https://lms.example.edu/about"}}, "403"},
	{"GET", "/class/{class}/gradebook", "", nil, "403 403 403 200 403 403 403"},
	{"GET", "/class/{class}/gradebook", "course=1", nil, "403 403 403 200 403 403 403"},
	{"POST", "/class/{class}/gradebook", "", url.Values{"points": {"10"}}, "403 403 403 303 403 403 403"},
	{"POST", "/class/{class}/gradebook/retry", "", url.Values{}, "403 403 403 303 403 403 403"},
	{"GET", "/homework/{homework}/gradebook", "", nil, "403 403 403 200 403 403 403"},
	{"POST", "/homework/{homework}/gradebook/retry", "", url.Values{}, "403 403 403 303 403 403 403"},
}

// TestWhoMayDoWhatFromCourses tries every route of learning platforms as everybody. One that stands not in the matrix fails it.
func TestWhoMayDoWhatFromCourses(t *testing.T) {
	c := newCourse(t, filepath.Join(t.TempDir(), "answers.db"), "Sue")
	c.platform.Enrol(ltitest.User{ID: "t-2", Name: "Theo", Roles: []string{ltitest.Instructor}})
	link := c.link(t, "c1", url.Values{"kind": {"class"}, "points": {"10"}})
	other := c.link(t, "c2", url.Values{"kind": {"class"}, "points": {"10"}})
	clients := map[string]*http.Client{}
	for _, role := range courseRoles[1:] {
		clients[role] = c.browser(t)
	}
	at := c.launch(t, clients["teacher"], "t-1", link.ID)
	_, work, set := c.work(t, clients["teacher"])
	c.launch(t, clients["student"], "s-1", link.ID)
	c.launch(t, clients["student"], "s-1", set.ID)
	if theirs := c.launch(t, clients["teacher of another course"], "t-2", other.ID); !strings.HasSuffix(theirs, "/remote") || theirs == at {
		t.Fatalf("the other teacher is led to %s", theirs)
	}
	c.do(t, clients["visitor"], "GET", "/", nil)
	if got := c.do(t, clients["operator"], "POST", "/admin", url.Values{"key": {operatorKey}}); got.status != http.StatusSeeOther {
		t.Fatalf("the operator’s key: status %d", got.status)
	}
	c.signIn(t, clients["signed-in operator"], persons.Identity{Issuer: "https://idp.example.edu", Subject: "o", Role: persons.Operator})
	for _, role := range []string{"operator", "signed-in operator"} {
		c.do(t, clients[role], "GET", "/admin/log", nil).wants(t, 200, "", "")
	}

	fill := strings.NewReplacer("{class}", strings.Split(at, "/")[2], "{homework}", strings.TrimPrefix(work, "/homework/"), "{login}", c.platform.Login("s-1", link.ID).Encode())
	listed := map[string]bool{}
	for _, m := range courseMatrix {
		route := strings.Replace(m.route, "{class}", "{code}", 1)
		listed[m.method+" "+route] = true
		want := strings.Fields(m.statuses)
		for i, role := range courseRoles {
			client := clients[role]
			if client == nil { // nobody is somebody else at each request
				client = c.browser(t)
			}
			path := fill.Replace(m.route + "?" + m.query)
			status := c.do(t, client, m.method, path, m.form).status
			if want := want[i%len(want)]; strconv.Itoa(status) != want {
				t.Errorf("%s %s as %s: status %d, want %s", m.method, path, role, status, want)
			}
		}
	}
	if err := chi.Walk(routes(assemble(Config{})), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if (strings.HasPrefix(route, "/lti/") || strings.Contains(route, "/gradebook")) && !listed[method+" "+route] {
			t.Errorf("%s %s: nobody has said who may do this", method, route)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
