package classroom

import (
	"slices"
	"testing"
	"time"
)

// A stop says when its class talks; a teacher may do otherwise by a button.
func TestWaysThroughAStop(t *testing.T) {
	way := func(s Stop, first ...string) (phases []Phase) {
		s.begin()
		for range 9 {
			do := s.StepOn()
			if len(first) > 0 {
				do, first = first[0], first[1:]
			}
			switch do {
			case "next":
				return phases
			case "run":
				s.enter(Ran, monday)
			default:
				if err := s.turn(do, monday); err != nil {
					t.Fatalf("%s: %v", do, err)
				}
			}
			phases = append(phases, s.Phase)
		}
		t.Fatalf("%+v has no end: %v", s, phases)
		return nil
	}
	predict := Stop{Kind: Predict, Form: Number, Path: "/labs/chain"}
	with := func(s Stop, talk Talk) Stop { s.Talk = talk; return s }
	for _, test := range []struct {
		name      string
		got, want []Phase
	}{
		{"a prediction", way(predict), []Phase{Locked, Discuss, Asked, Locked, Ran, Revealed}},
		{"talk after the run", way(with(predict, TalkAfter)), []Phase{Locked, Ran, Debrief, Revealed}},
		{"no talk", way(with(predict, TalkNever)), []Phase{Locked, Ran, Revealed}},
		{"nothing to run", way(Stop{Kind: Predict}), []Phase{Locked, Discuss, Asked, Locked, Revealed}},
		{"a question", way(Stop{Kind: Ask, Question: "x"}), []Phase{Locked, Revealed}},
		{"a question to talk about", way(with(Stop{Kind: Ask}, TalkBefore)), []Phase{Locked, Discuss, Asked, Locked}},
		{"explained, not discussed", way(predict, "lock", "again"), []Phase{Locked, Asked, Locked, Ran, Revealed}},
		{"talk at once", way(predict, "discuss"), []Phase{Discuss, Asked, Locked, Ran, Revealed}},
		{"straight to the run", way(predict, "lock", "run", "discuss"), []Phase{Locked, Ran, Debrief, Revealed}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
}

// The votes are shown when the teacher says so, never while the first ones are taken, and no longer than the phase.
func TestVotesOnRequest(t *testing.T) {
	c, _ := lecture(t)
	c = must(t, c, "next")
	if _, err := c.Do(Action{Do: "votes"}, monday); err == nil {
		t.Error("the votes are shown while they are taken")
	}
	c = must(t, c, "lock", "votes")
	if p := c.Public(monday); !p.Votes || p.Path != "" {
		t.Errorf("asked for: %+v", p)
	}
	if c = must(t, c, "discuss"); c.Public(monday).Votes {
		t.Error("the votes stay on the wall while the class talks, though nobody asked for them")
	}
	c = must(t, c, "again", "lock")
	if _, err := c.Do(Action{Do: "discuss"}, monday); err == nil {
		t.Error("a third vote")
	}
}

func TestTimers(t *testing.T) {
	asked := Stop{Kind: Predict, Phase: Asked}
	running := asked
	running.Closes = monday.Add(time.Minute)
	for _, test := range []struct {
		name    string
		stop    Stop
		do      string
		seconds int
		left    int // −1 where it is refused
	}{
		{"usual", asked, "timer", 0, 20}, {"usual talk", Stop{Phase: Discuss}, "timer", 0, 120}, {"shortest", asked, "timer", 15, 15}, {"longest", asked, "timer", 300, 300},
		{"too short", asked, "timer", 14, -1}, {"too long", asked, "timer", 301, -1}, {"negative", asked, "timer", -1, -1}, {"locked", Stop{Phase: Locked}, "timer", 60, -1},
		{"pressed twice", running, "timer", 0, 60}, {"started anew", running, "timer", 30, 30}, {"longer", running, "longer", 0, 75}, {"none to make longer", asked, "longer", 0, -1},
		{"never beyond the longest", Stop{Phase: Asked, Closes: monday.Add(Longest - time.Second)}, "longer", 0, 300},
		{"a talk whose time is up", Stop{Phase: Debrief, Closes: monday.Add(-time.Minute)}, "longer", 0, 15}, {"ended", running, "untimed", 0, 0},
	} {
		s := test.stop
		err := s.time(test.do, test.seconds, monday)
		left := 0
		if err != nil {
			left = -1
		} else if !s.Closes.IsZero() {
			left = int(s.Closes.Sub(monday).Seconds())
		}
		if left != test.left {
			t.Errorf("%s: %d s left (%v), want %d", test.name, left, err, test.left)
		}
	}
	talk := Class{OpenedAt: monday, Plan: []Stop{{Kind: Predict, Phase: Discuss, Closes: monday}}}
	if got := talk.Settled(monday.Add(time.Hour)); got.Plan[0].Phase != Discuss || got.Version != talk.Version {
		t.Errorf("a talk whose time is up became %s: its teacher ends it", got.Plan[0].Phase)
	}
}

func TestFlowsAndAdvice(t *testing.T) {
	s := Stop{Form: Choice, Choices: []string{"a", "b", "c"}, Again: true}
	var guesses []Guess
	vote := func(member string, values ...float64) {
		for i, v := range values {
			guesses = append(guesses, Guess{Member: member, Round: i + 1, Value: v})
		}
	}
	vote("1", 1, 2)
	vote("2", 1, 2)
	vote("3", 0, 2)
	vote("4", 2, 2)
	vote("once", 0)
	guesses = append(guesses, Guess{Member: "late", Round: 2, Value: 1})
	if got := s.Flows(guesses); got != nil {
		t.Errorf("four who voted twice: %v, want nothing that tells who they are", got)
	}
	vote("5", 0, 0)
	if got, want := s.Flows(guesses), []Flow{{1, 2, 2}, {0, 2, 1}}; !slices.Equal(got, want) {
		t.Errorf("flows %v, want %v", got, want)
	}
	s.Again = false // the teacher went back to the first vote
	if got := s.Flows(guesses); got != nil {
		t.Errorf("flows to a vote that was taken back: %v", got)
	}
	if got := (Stop{Form: Number, Again: true}).Flows(guesses); got != nil {
		t.Errorf("flows between numbers: %v", got)
	}
	if right := Share(In(2, guesses), 2, 0); right != 4 {
		t.Errorf("%d right, want 4", right)
	}
	for right, want := range map[int]Advice{0: Explain, 29: Explain, 30: ToTalk, 70: ToTalk, 71: GoOn, 100: GoOn} {
		if got := Advise(right, 100); got != want {
			t.Errorf("%d %%: %s, want %s", right, got, want)
		}
	}
}
