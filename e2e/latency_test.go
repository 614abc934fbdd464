package e2e

import (
	"fmt"
	"slices"
	"testing"

	"gradlab/static"
)

// drags moves a slider n times and returns the milliseconds from each input event to the chart's finished event.
// The chart is found through the page's own copy of ECharts: an ES module is one instance a URL.
func (p *page) drags(slider, chart string, n int) []float64 {
	p.t.Helper()
	return eval[[]float64](p, fmt.Sprintf(`(async () => {
		const { getInstanceByDom } = await import(%q);
		const slider = document.querySelector(%q), chart = getInstanceByDom(document.querySelector(%q));
		const low = +slider.min, high = +slider.max, took = [];
		for (let i = 0; i < %d; i++) {
			await new Promise((go) => setTimeout(go, 50));
			const finished = new Promise((go) => {
				const once = () => { chart.off('finished', once); go(performance.now()); };
				chart.on('finished', once);
			});
			const start = performance.now();
			slider.value = low + (i * 7 + 3) %% (high - low);
			slider.dispatchEvent(new Event('input', { bubbles: true }));
			took.push(await finished - start);
		}
		return took;
	})()`, static.Path("vendor/echarts/echarts.min.js"), slider, chart, n))
}

// reportLatency adds the median and the 95th percentile of milliseconds to a benchmark's line.
func reportLatency(b *testing.B, took []float64) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1)+0.5)] }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
	b.ReportMetric(0, "ns/op") // one operation of the benchmark is a whole page: its time says nothing
}
