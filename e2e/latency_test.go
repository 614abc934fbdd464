package e2e

import (
	"fmt"
	"slices"
	"testing"
)

// drags moves a slider n times and returns the milliseconds from each input event to where the figure is finished: the lab has said
// that all of it is drawn, the bars and what stands above them, and it is laid out.
func (p *page) drags(slider, figure string, n int) []float64 {
	p.t.Helper()
	return eval[[]float64](p, fmt.Sprintf(`(async () => {
		const slider = document.querySelector(%q), figure = document.querySelector(%q);
		const low = +slider.min, high = +slider.max, took = [];
		for (let i = 0; i < %d; i++) {
			await new Promise((go) => setTimeout(go, 50));
			const finished = new Promise((go) => {
				document.addEventListener('drawn', () => { figure.getBoundingClientRect(); go(performance.now()); }, { once: true });
			});
			const start = performance.now();
			globalThis.dragged = ((globalThis.dragged ?? 0) + .382) %% 1; // what was shown before comes from a cache
			slider.value = low + (high - low) * dragged;
			slider.dispatchEvent(new Event('input', { bubbles: true }));
			took.push(await finished - start);
		}
		return took;
	})()`, slider, figure, n))
}

// reportLatency adds the median and the 95th percentile of milliseconds to a benchmark's line.
func reportLatency(b *testing.B, took []float64) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1)+0.5)] }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
	b.ReportMetric(0, "ns/op") // one operation of the benchmark is a whole page: its time says nothing
}
