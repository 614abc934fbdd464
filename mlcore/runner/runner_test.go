package runner

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gradlab/mlcore/experiment"
)

// config is a quick run of the given number of steps; the seed tells runs apart.
func config(t *testing.T, steps, seed string) experiment.Train {
	t.Helper()
	c, errs := experiment.ParseTrain(url.Values{"steps": {steps}, "seed": {seed}, "count": {"2"}, "batch": {"2"}})
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func follow(t *testing.T, p *Pool, c experiment.Train) *Follower {
	t.Helper()
	f, err := p.Follow(Reader{Key: "somebody"}, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// until waits for a view that ok accepts.
func until(t *testing.T, f *Follower, what string, ok func(View) bool) View {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		v := f.Look()
		if ok(v) {
			return v
		}
		select {
		case <-v.Changed:
		case <-deadline:
			t.Fatalf("no view with %s; the last has %d steps, place %d, err %v", what, len(v.Steps), v.Place, v.Err)
		}
	}
}

type counts struct{ runs, parked, training int }

func (p *Pool) counts() counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return counts{len(p.runs), len(p.schedule.parked), p.schedule.training}
}

func TestEqualConfigsTrainOnce(t *testing.T) {
	p := NewPool(Options{})
	defer p.Close()
	c := config(t, "8", "0")
	var wg sync.WaitGroup
	outcomes := make([]*experiment.Outcome, 20)
	for i := range outcomes {
		f := follow(t, p, c)
		wg.Go(func() { outcomes[i], _ = f.Wait(context.Background()) })
	}
	if n := p.counts().runs; n != 1 {
		t.Errorf("%d runs for one config", n)
	}
	wg.Wait()
	alone, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		if o == nil || len(o.Steps) != 8 || &o.Steps[0] != &outcomes[0].Steps[0] {
			t.Fatalf("follower %d has another run: %+v", i, o)
		}
	}
	for k, step := range outcomes[0].Steps {
		if step.Loss != alone.Steps[k].Loss {
			t.Errorf("step %d: loss %v, and %v alone", k, step.Loss, alone.Steps[k].Loss)
		}
	}
	if o, found := p.Finished(c); !found || o.Test != alone.Test {
		t.Errorf("Finished: %+v, %v", o, found)
	}
}

func TestPlacesInTheQueue(t *testing.T) {
	p := NewPool(Options{Slots: 1})
	defer p.Close()
	first := follow(t, p, config(t, "5000", "0"))
	until(t, first, "a step", func(v View) bool { return len(v.Steps) > 0 })
	second, third := follow(t, p, config(t, "1", "1")), follow(t, p, config(t, "1", "2"))
	if a, b := second.Look().Place, third.Look().Place; a != 1 || b != 2 {
		t.Errorf("places are %d and %d, want 1 and 2", a, b)
	}
	second.Close()
	until(t, third, "place 1", func(v View) bool { return v.Place == 1 })
	first.Close() // parks, and gives its slot away
	until(t, third, "an outcome", func(v View) bool { return v.Outcome != nil })
}

func TestFullQueueRefuses(t *testing.T) {
	p := NewPool(Options{Slots: 1, Queue: 1})
	defer p.Close()
	first := follow(t, p, config(t, "5000", "0"))
	until(t, first, "a step", func(v View) bool { return len(v.Steps) > 0 })
	follow(t, p, config(t, "1", "1"))
	if _, err := p.Follow(Reader{Key: "somebody"}, config(t, "1", "2")); !errors.Is(err, ErrBusy) {
		t.Errorf("Follow with a full queue: %v, want ErrBusy", err)
	}
}

// A reader has so many runs under way and no more, whether they wait or train; nobody else is refused for it.
func TestOwnRunsAreBounded(t *testing.T) {
	p := NewPool(Options{Slots: 1})
	defer p.Close()
	runs := make([]*Follower, 32)
	for i := range runs {
		runs[i] = follow(t, p, config(t, "5000", strconv.Itoa(i)))
	}
	one := config(t, "5000", "32")
	if _, err := p.Follow(Reader{Key: "somebody"}, one); !errors.Is(err, ErrOwn) {
		t.Fatalf("the 33rd run of a reader: %v, want ErrOwn", err)
	}
	if n := p.Stats().Refused; n != 1 {
		t.Errorf("%d runs are counted as refused, want 1", n)
	}
	again, err := p.Follow(Reader{Key: "somebody"}, config(t, "5000", "31"))
	if err != nil {
		t.Fatalf("one that is under way, in another tab: %v", err)
	}
	again.Close()
	other, err := p.Follow(Reader{Key: "somebody else"}, one)
	if err != nil {
		t.Fatalf("the run of another reader: %v", err)
	}
	other.Close()
	runs[7].Close()
	follow(t, p, one)
}

func TestHangingUpParksAndComingBackGoesOn(t *testing.T) {
	p := NewPool(Options{Slots: 1})
	defer p.Close()
	c := config(t, "120", "0")
	f := follow(t, p, c)
	seen := len(until(t, f, "three steps", func(v View) bool { return len(v.Steps) >= 3 }).Steps)
	f.Close()
	r := f.run
	stopped := func() (int, bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(r.steps), len(p.schedule.parked) == 1
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, still := stopped(); still {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the run does not park")
		}
	}
	n, _ := stopped()
	time.Sleep(30 * time.Millisecond)
	if later, _ := stopped(); later != n || n == 120 {
		t.Errorf("a parked run went from step %d to %d", n, later)
	}
	again := follow(t, p, c)
	if v := again.Look(); len(v.Steps) < seen {
		t.Errorf("coming back shows %d steps, %d were seen", len(v.Steps), seen)
	}
	o, err := again.Wait(context.Background())
	if err != nil || len(o.Steps) != 120 {
		t.Fatalf("%v, %v", o, err)
	}
	for k, step := range o.Steps {
		if step.Number != k {
			t.Fatalf("step %d has number %d", k, step.Number)
		}
	}
}

// A parked run is given up when its time is over, to the second.
func TestParkedRunIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPool(Options{Slots: 1, Grace: 30 * time.Second})
		defer p.Close()
		c := config(t, "5000", "0")
		f := follow(t, p, c)
		until(t, f, "a step", func(v View) bool { return len(v.Steps) > 0 })
		f.Close()
		synctest.Wait()
		time.Sleep(29 * time.Second)
		synctest.Wait()
		if got, want := p.counts(), (counts{runs: 1, parked: 1}); got != want {
			t.Errorf("after 29 s there are %+v, want %+v", got, want)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got, want := p.counts(), (counts{}); got != want {
			t.Errorf("after 31 s there are %+v, want %+v", got, want)
		}
	})
}

// need is what a run of the test's size is counted with, in bytes between two steps and while it trains.
func need(t *testing.T) (kept, all int64) {
	c := config(t, "5000", "0")
	return c.Kept(), c.Memory()
}

func TestOldestParkedRunMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept, all := need(t)
		p := NewPool(Options{Slots: 1, Budget: (all + 2*kept) * 8 / 7}) // one that trains, two that are parked, the reserve
		defer p.Close()
		for _, seed := range []string{"0", "1", "2", "3", "4"} {
			f := follow(t, p, config(t, "5000", seed))
			until(t, f, "a step", func(v View) bool { return len(v.Steps) > 0 })
			f.Close()
			synctest.Wait()
			if held := p.Stats().Held; held > p.options.Budget {
				t.Errorf("%d bytes are held of %d", held, p.options.Budget)
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.runs[config(t, "5000", "0").Key()] != nil || p.runs[config(t, "5000", "4").Key()] == nil {
			t.Error("not the oldest made room")
		}
	})
}

func TestCacheIsBounded(t *testing.T) {
	_, all := need(t)
	p := NewPool(Options{Budget: 2 * all})
	defer p.Close()
	train := func(n int) int64 {
		o, err := follow(t, p, config(t, "2", strconv.Itoa(n))).Wait(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return o.Bytes()
	}
	room := int(2 * all / 4 / train(0))
	for n := range room + 3 {
		train(n)
		p.Finished(config(t, "2", "0")) // used again and again, so it stays
	}
	if s := p.Stats(); s.Finished != room || s.EvictedFinished != 3 {
		t.Errorf("kept are %d runs, and %d were given up; want %d and 3", s.Finished, s.EvictedFinished, room)
	}
	if _, found := p.Finished(config(t, "2", "0")); !found {
		t.Error("the most used was given up")
	}
	if _, found := p.Finished(config(t, "2", "1")); found {
		t.Error("the least used was kept")
	}
}

func TestCloseStopsEverything(t *testing.T) {
	p := NewPool(Options{Slots: 1})
	a, b := follow(t, p, config(t, "5000", "0")), follow(t, p, config(t, "5000", "1"))
	until(t, a, "a step", func(v View) bool { return len(v.Steps) > 0 })
	p.Close()
	for _, f := range []*Follower{a, b} {
		if _, err := f.Wait(context.Background()); !errors.Is(err, context.Canceled) {
			t.Errorf("a follower of a closed pool waits for: %v", err)
		}
	}
	if _, err := p.Follow(Reader{Key: "somebody"}, config(t, "1", "3")); err == nil {
		t.Error("a closed pool starts a run")
	}
}

// A turn is taken at once beside a run that trains; others come in the order of the schedule, as many at a time as there are
// slots. One that is given up leaves its place, and a pool that closes gives none.
func TestTurns(t *testing.T) {
	p := NewPool(Options{Slots: 1})
	defer p.Close()
	long := follow(t, p, config(t, "5000", "0"))
	until(t, long, "a step", func(v View) bool { return len(v.Steps) > 0 })
	ctx, hangUp := context.WithCancel(t.Context())
	end, err := p.Turn(ctx, Reader{Key: "first"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan string)
	ask := func(ctx context.Context, who string, work float64) {
		before := p.Stats().Turns
		go func() {
			end, err := p.Turn(ctx, Reader{Key: who}, work)
			if err != nil {
				who = err.Error()
			} else {
				defer end()
			}
			came <- who
		}()
		for p.Stats().Turns == before {
			time.Sleep(time.Millisecond)
		}
	}
	ask(ctx, "hasty", 1)
	hangUp()
	if who := <-came; who != context.Canceled.Error() {
		t.Errorf("who hangs up is told %s", who)
	}
	ask(t.Context(), "large", 1e15)
	ask(t.Context(), "small", 1)
	select {
	case who := <-came:
		t.Errorf("the %s one does not wait for the first", who)
	default:
	}
	end()
	end() // does nothing
	if who := <-came; who != "small" {
		t.Errorf("first comes the %s one", who)
	}
	long.Close() // which would end sooner than the large one
	if who := <-came; who != "large" {
		t.Errorf("then comes the %s one", who)
	}
	p.Close()
	if _, err := p.Turn(t.Context(), Reader{}, 1); err == nil {
		t.Error("a closed pool gives a turn")
	}
}
