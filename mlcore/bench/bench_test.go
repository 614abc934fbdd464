package bench

import (
	"math"
	"runtime"
	"testing"

	"gradlab/mlcore/kernel"
)

// BenchmarkStep times one training step of every case on every set of kernels that this machine runs.
func BenchmarkStep(b *testing.B) {
	for _, set := range kernel.Available() {
		for _, c := range Cases() {
			b.Run(set.Name+"/"+c.Name, func(b *testing.B) {
				step, err := c.Stepper(set, 1)
				if err != nil {
					b.Fatal(err)
				}
				step()
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				b.ReportMetric(2*float64(c.MultiplyAdds())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

// Every case trains on every set, and a step allocates no storage once the first has run: a few kilobytes for goroutines are
// all that it may take.
func TestStepsReuseTheirStorage(t *testing.T) {
	for _, set := range kernel.Available() {
		for _, c := range Cases() {
			if c.MultiplyAdds() > 100e6 && (testing.Short() || set.Name == "go") {
				continue
			}
			step, err := c.Stepper(set, 2)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 * c.Images / c.Batch { // on one worker and on two
				step()
			}
			// Which worker computes which shard is chance, and one that has not had the last, smaller one makes room for it then:
			// what counts is that there comes an end to it.
			const steps = 4
			least := uint64(math.MaxUint64)
			for try := 0; try < 30 && least > 16<<10; try++ {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				for range steps {
					step()
				}
				runtime.ReadMemStats(&after)
				least = min(least, (after.TotalAlloc-before.TotalAlloc)/steps)
			}
			if least > 16<<10 {
				t.Errorf("%s on %s: a step allocates %d bytes", c.Name, set.Name, least)
			}
		}
	}
}
