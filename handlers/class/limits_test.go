package class

import (
	"fmt"
	"testing"
)

// One client in one class, with as many cookies as it likes, takes no stream from another class, and none from any teacher.
func TestStreamsAreShared(t *testing.T) {
	l := newLimits(nil, nil)
	fill := func(class string) (open int) {
		for visitor := 0; ; visitor++ {
			for range visitorStreams {
				if _, ok := l.studentStream(class, fmt.Sprint(class, visitor)); !ok {
					return open
				}
				open++
			}
		}
	}
	if got := fill("a"); got != classStreams {
		t.Errorf("one class took %d streams, want %d", got, classStreams)
	}
	if _, ok := l.studentStream("b", "student"); !ok {
		t.Error("a student of another class was refused")
	}
	fill("b")
	fill("c")
	if _, ok := l.studentStream("d", "student"); ok {
		t.Errorf("more than %d streams of students are open", mostStreams)
	}
	for n := range classTeacherStreams {
		if _, ok := l.teacherStream("a"); !ok {
			t.Errorf("device %d of a teacher was refused, though only students are many", n+1)
		}
	}
	if _, ok := l.teacherStream("a"); ok {
		t.Error("a class's teacher has streams without end")
	}
	for class := 0; l.teachers < mostTeacherStreams; class++ {
		l.teacherStream(fmt.Sprint("opened by a stranger ", class))
	}
	for n := range surelyTeaching {
		if _, ok := l.teacherStream("late"); !ok {
			t.Errorf("device %d of a class was refused, since others teach so much", n+1)
		}
	}
	if _, ok := l.teacherStream("late"); ok {
		t.Error("teachers' streams have no bound")
	}
}

func TestStreamsAreGivenBack(t *testing.T) {
	l := newLimits(nil, nil)
	for range 2 * classStreams {
		end, ok := l.studentStream("a", "student")
		if !ok {
			t.Fatal("a stream that ended still counts")
		}
		end()
		if end, ok = l.teacherStream("a"); !ok {
			t.Fatal("a teacher's stream that ended still counts")
		}
		end()
	}
	if l.openStreams() != 0 || len(l.byClass) != 0 || len(l.byVisitor) != 0 {
		t.Errorf("something is left of streams that ended: %d, %v, %v", l.openStreams(), l.byClass, l.byVisitor)
	}
}
