package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// labPaths are what a hall asks for again and again: the board of a dragged slider, the same as a script reads it, a
// finished training run, a page, and a static file.
var labPaths = []struct{ name, path string }{
	{"chain, JSON", "/api/chain?depth=20&activation=tanh"},
	{"chain, board", "/labs/chain/board?depth=20&activation=tanh"},
	{"training, finished", "/api/train?steps=10"},
	{"training, board", "/labs/train/board?steps=10"},
}

// labs asks for each kind of lab request at the given rate and prints how long the answers took.
func labs(ctx context.Context, o options, c *cluster) error {
	fmt.Printf("%d requests a second for %v each, with gzip\n", o.rate, o.last)
	fmt.Printf("%-20s %9s %9s %9s %9s %9s  %s\n", "", "p50", "p95", "p99", "most", "CPU each", "answered 200")
	for _, lab := range labPaths {
		target := vegeta.Target{Method: http.MethodGet, URL: c.url + lab.path, Header: http.Header{"Accept-Encoding": {"gzip"}}}
		resp, err := http.Get(target.URL) // the first one computes
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", lab.path, resp.Status)
		}
		before := c.cpu()
		attacker := vegeta.NewAttacker(vegeta.Timeout(20*time.Second), vegeta.Connections(1000))
		var m vegeta.Metrics
		results := attacker.Attack(vegeta.NewStaticTargeter(target), vegeta.Rate{Freq: o.rate, Per: time.Second}, o.last, lab.name)
		for r := range results {
			m.Add(r)
			if ctx.Err() != nil {
				attacker.Stop()
			}
		}
		m.Close()
		if err := ctx.Err(); err != nil {
			return err
		}
		fmt.Printf("%-20s %9s %9s %9s %9s %9s  %.2f %% of %d\n", lab.name, ms(m.Latencies.P50), ms(m.Latencies.P95), ms(m.Latencies.P99), ms(m.Latencies.Max),
			ms((c.cpu()-before)/time.Duration(max(1, m.Requests))), m.Success*100, m.Requests)
	}
	fmt.Println("memory of the server at its most:", c.memory())
	return nil
}
