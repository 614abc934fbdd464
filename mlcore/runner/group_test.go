package runner

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"gradlab/mlcore/experiment"
)

// seeds are n small runs that differ by their seed.
func seeds(t *testing.T, n int, steps string) []experiment.Run {
	t.Helper()
	runs := make([]experiment.Run, n)
	for i := range runs {
		c, errs := experiment.ParseTrain(url.Values{"steps": {steps}, "count": {"4"}, "batch": {"4"}})
		if errs != nil {
			t.Fatal(errs)
		}
		c.Seed = uint32(i)
		runs[i] = c
	}
	return runs
}

func TestGroupTrainsEveryConfigOnce(t *testing.T) {
	pool := NewPool(Options{Slots: 2})
	defer pool.Close()
	configs := seeds(t, 5, "3")
	configs = append(configs, configs[0]) // asked for twice, trained once
	group := pool.FollowAll(Reader{Key: "somebody"}, configs)
	defer group.Close()
	outcomes, err := group.Wait(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Config != configs[i] || len(o.Steps) != 3 {
			t.Errorf("outcome %d: got %s and %d steps, want %s and 3", i, o.Config.Key(), len(o.Steps), configs[i].Key())
		}
	}
	if got := len(pool.schedule.finished); got != 5 {
		t.Errorf("finished runs: got %d, want 5", got)
	}
	if &outcomes[0].Steps[0] != &outcomes[5].Steps[0] {
		t.Error("the run that was asked for twice was trained twice")
	}
}

func TestGroupTakesFewPlacesInTheQueue(t *testing.T) {
	pool := NewPool(Options{Slots: 1})
	defer pool.Close()
	group := pool.FollowAll(Reader{Key: "somebody"}, seeds(t, 20, "2000"))
	defer group.Close()
	for group.Look().Steps[0] == 0 { // until the first trains
		<-group.Look().Changed
	}
	if s := pool.Stats(); s.Training+s.Waiting > 2 {
		t.Errorf("under way: got %d runs, want at most a slot's and one that waits", s.Training+s.Waiting)
	}
}

func TestClosedGroupStopsTraining(t *testing.T) {
	pool := NewPool(Options{Slots: 1, Grace: time.Millisecond})
	defer pool.Close()
	group := pool.FollowAll(Reader{Key: "somebody"}, seeds(t, 3, "5000"))
	for group.Look().Steps[0] == 0 {
		<-group.Look().Changed
	}
	group.Close()
	if v := group.Look(); v.Err != nil || v.Complete() {
		t.Errorf("closed group: got error %v, complete %v; want neither", v.Err, v.Complete())
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		pool.mu.Lock()
		left := len(pool.runs)
		pool.mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d runs go on without a reader", left)
		}
	}
}

func TestGroupTellsThatThePoolIsBusy(t *testing.T) {
	pool := NewPool(Options{Slots: 1, Queue: 1})
	defer pool.Close()
	for _, run := range seeds(t, 2, "5000") { // one trains, one waits: the queue is full
		c := run.(experiment.Train)
		c.Seed += 100
		f, err := pool.Follow(Reader{Key: "another"}, c)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
	}
	group := pool.FollowAll(Reader{Key: "somebody"}, seeds(t, 2, "5000"))
	defer group.Close()
	if _, err := group.Wait(context.Background()); !errors.Is(err, ErrBusy) {
		t.Errorf("group in a full pool: got error %v, want ErrBusy", err)
	}
}

func TestEmptyGroupIsComplete(t *testing.T) {
	pool := NewPool(Options{})
	defer pool.Close()
	group := pool.FollowAll(Reader{Key: "somebody"}, nil)
	defer group.Close()
	if _, err := group.Wait(context.Background()); err != nil {
		t.Error(err)
	}
}
