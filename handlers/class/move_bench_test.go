package class

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/store"
)

// BenchmarkMove is what one student costs when the teacher moves on: the stage with what is the student's own, as an event.
func BenchmarkMove(b *testing.B) {
	s := newTestPages(b)
	rows := s.rows.(*store.Store)
	c, _, err := classroom.Open("Deep nets", []classroom.Stop{
		{Kind: classroom.Show, Title: "The chain", Path: "/labs/chain"}, {Kind: classroom.Ask, Title: "Why?", Path: "/labs/chain"},
	}, time.Now())
	if err == nil {
		c, err = c.Do(classroom.Action{Do: "next"}, time.Now())
	}
	if err == nil {
		err = rows.CreateClass(b.Context(), c)
	}
	const students = 100
	for n := range students {
		if err == nil {
			_, err = rows.Join(b.Context(), c.ID, fmt.Sprint("owner ", n), classroom.NewMember(""))
		}
		if err == nil {
			_, err = rows.SaveClassAnswer(b.Context(), c.ID, c.Version, fmt.Sprint("owner ", n), classroom.Answer{Stop: c.Plan[1].ID, Text: "Where F is zero the gradient passes the sum unchanged."})
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		out := web.NewEvents(httptest.NewRecorder())
		told := s.changeOf(c)
		if told.Answer, err = s.stateAnswer(b.Context(), c, fmt.Sprint("owner ", n%students)); err != nil {
			b.Fatal(err)
		}
		out.Send("change", "", told)
		n++
	}
}

// BenchmarkChange is what one student costs when the teacher shows another lab.
func BenchmarkChange(b *testing.B) {
	c, _, err := classroom.Open("Deep nets", []classroom.Stop{{Kind: classroom.Show, Title: "The chain", Path: "/labs/chain"}}, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	s := newTestPages(b)
	b.ReportAllocs()
	for b.Loop() {
		web.NewEvents(httptest.NewRecorder()).Send("change", "", s.changeOf(c))
	}
}
