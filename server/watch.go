package main

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"gradlab/store"
)

// pingTime is how long the database may take to answer who watches it.
const pingTime = 2 * time.Second

// watching are the metrics of the database: its connections, and how long it takes to answer one query, which is asked when the
// metrics are.
func watching(s *store.Store) []prometheus.Collector {
	all := []prometheus.Collector{prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "gradlab_db_ping_seconds", Help: "Time in which the database answers a query; NaN where it does not.",
	}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), pingTime)
		defer cancel()
		start := time.Now()
		if s.Ping(ctx) != nil {
			return math.NaN()
		}
		return time.Since(start).Seconds()
	})}
	for name, pool := range s.Pools() {
		all = append(all, collectors.NewDBStatsCollector(pool, name))
	}
	return all
}
