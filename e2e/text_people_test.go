package e2e

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"gradlab/classroom"
)

// another lets another student join, and hand in an answer to the first question.
func (w *writer) another() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	other, at := &http.Client{Jar: jar}, "http://"+w.program.address+"/class/"
	plan := w.class().Plan
	stop := plan[slices.IndexFunc(plan, func(s classroom.Stop) bool { return s.Title == questions[0] })].ID
	for _, do := range []struct {
		path string
		form url.Values
	}{
		{"join", url.Values{"code": {w.plainCode()}, "nickname": {fmt.Sprint("Other ", len(w.done))}}},
		{w.plainCode() + "/answer", url.Values{"stop": {stop}, "text": {"Another’s words"}}},
	} {
		if resp, err := other.PostForm(at+do.path, do.form); err == nil { // else there is no server now
			resp.Body.Close()
		}
	}
}

// nameOf is the present name of the first student whose name begins like that, "" where there is none.
func (w *writer) nameOf(name string) string {
	m, _ := w.member(name)
	return m.Nickname
}

func (w *writer) member(name string) (classroom.Member, bool) {
	members, err := w.store.Members(w.Context(), w.class().ID)
	if err != nil {
		w.Fatal(err)
	}
	i := slices.IndexFunc(members, func(m classroom.Member) bool { return strings.HasPrefix(m.Nickname, name) })
	if i < 0 {
		return classroom.Member{}, false
	}
	return members[i], true
}

// people does with a student what the teacher's page of people does.
func (w *writer) people(name, path, field, value string) {
	if m, found := w.member(name); found {
		w.run(w.teacher, `fetch('/class/`+w.plainCode()+`/people/`+m.ID+path+`', { method: 'POST', body: new URLSearchParams({ '`+field+`': '`+value+`' }) }).catch(() => {})`)
	}
}

// class is the class as the database has it.
func (w *writer) class() classroom.Class {
	c, err := w.store.ClassByCode(w.Context(), w.plainCode())
	if err != nil {
		w.Fatal(err)
	}
	return c
}
