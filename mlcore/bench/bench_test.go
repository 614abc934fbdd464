package bench

import (
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

// Every case trains on every set, and a step allocates nothing once the first has run.
func TestCasesStepWithoutAllocation(t *testing.T) {
	for _, set := range kernel.Available() {
		for _, c := range Cases() {
			if c.MultiplyAdds() > 100e6 && (testing.Short() || set.Name == "go") {
				continue
			}
			step, err := c.Stepper(set, 2)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 * c.Images / c.Batch {
				step()
			}
			if got := testing.AllocsPerRun(1, step); got != 0 {
				t.Errorf("%s on %s: a step allocates %v times, want 0", c.Name, set.Name, got)
			}
		}
	}
}
