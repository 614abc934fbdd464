package experiment

import (
	"context"
	"runtime"
	"strings"
	"testing"
)

// inUse is the heap after a collection, in bytes.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first ends with objects that have finalizers
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What a run is said to hold before it begins bounds what is really on the heap: in training, between two steps, and as a
// result.
func TestHeapStaysBelowWhatIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine that trains for seconds: left out of -short")
	}
	for _, query := range []string{
		"steps=2",
		"steps=2&net=deep&n=18&channels=16&count=64&batch=64&optimizer=adam",
		"steps=2&net=deep&n=18&channels=32&count=16&batch=16&optimizer=adam",
		"steps=2&net=deep&n=1&channels=16&skip=B&norm=group&count=128&batch=128&optimizer=adamw",
		"steps=2&net=notebook&depth=20&activation=tanh",
		"steps=200&net=deep&n=2&channels=1&count=2&batch=1",
		"steps=2&net=mlp&count=2000&batch=1",
		"steps=2&net=mlp&depth=100&width=128&count=512&batch=512&norm=layer&skip=highway",
		"steps=100&net=mlp&depth=100&width=1&count=4&batch=2&optimizer=rmsprop",
		"steps=2&net=mlp&depth=1&count=5000&batch=500&dtype=float64",
		"steps=2&net=deep&n=2&channels=32&count=16&batch=16&optimizer=adam&dtype=float64",
		"lesions steps=2&net=deep&n=3&count=64&batch=64",
		"lesions steps=2&net=deep&n=4&channels=8&skip=B&count=16&batch=16",
		"lesions steps=2&net=deep&n=1&channels=1&skip=none&count=16&batch=16",
	} {
		parseTrain(t, "steps=1&net=mlp&depth=1").Prepare() // the images are unpacked once for all
		query, lesions := strings.CutPrefix(query, "lesions ")
		c := parseTrain(t, query)
		if lesions {
			c.Lesions = 8
		}
		before := inUse()
		run := c.Prepare().(judged)
		steps := make([]Step, 0, c.Steps)
		for step := range run.Steps(context.Background()) {
			steps = append(steps, step)
		}
		run.Test()
		lesioned := run.Lesions()
		if held := inUse() - before; held > c.Memory() {
			t.Errorf("%s: trains with %d bytes, %d were said", query, held, c.Memory())
		}
		run.Shed()
		if held := inUse() - before; held > c.Kept() {
			t.Errorf("%s: keeps %d bytes between two steps, %d were said", query, held, c.Kept())
		}
		o := &Outcome{Config: c, Info: run.Info(), Steps: steps, Test: run.Test(), FirstGradNorms: run.FirstGradNorms(), FirstKernels: run.FirstKernels(), Samples: run.Samples(), Lesions: lesioned}
		run = nil
		if held, said := inUse()-before, o.Bytes(); held > said || said > held+held/2+resultSize || said > c.resultBytes() {
			t.Errorf("%s: the result takes %d bytes, %d are counted, %d were said", query, held, said, c.resultBytes())
		}
		runtime.KeepAlive(o)
	}
}
