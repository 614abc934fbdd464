package handlers

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// BenchmarkTrainingStream trains runs with nobody listening and with a reader of their stream, in turns. "delay-%" is by
// how much the stream makes a run longer, at most 5. It compares the shortest of each: what else the machine does can
// only lengthen a run, so these are what it costs.
func BenchmarkTrainingStream(b *testing.B) {
	alone, streamed := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	seed := uint32(0)
	for b.Loop() {
		seed++
		config := benchmarkRun(b, seed)
		alone = min(alone, trainOnce(b, config, false))
		streamed = min(streamed, trainOnce(b, config, true))
	}
	b.ReportMetric(alone.Seconds()*1000, "alone-ms")
	b.ReportMetric(streamed.Seconds()*1000, "streamed-ms")
	b.ReportMetric(100*(streamed.Seconds()/alone.Seconds()-1), "delay-%")
}

func benchmarkRun(b *testing.B, seed uint32) experiment.Train {
	b.Helper()
	config, errs := experiment.ParseTrain(url.Values{"depth": {"1"}})
	if errs != nil {
		b.Fatal(errs)
	}
	config.Seed = seed
	return config
}

// trainOnce trains a run in a pool of its own, with or without a reader of its stream over the loopback. It returns how
// long the run itself took, without the last frame that a reader waits for.
func trainOnce(b *testing.B, config experiment.Train, listen bool) time.Duration {
	b.Helper()
	runs := runner.NewPool(runner.Options{Slots: 1})
	defer runs.Close()
	server := httptest.NewServer(New(Config{Log: slog.New(slog.DiscardHandler), Runs: runs, Version: "test", Stopping: context.Background()}))
	defer server.Close()
	read := make(chan error, 1)
	if listen {
		go func() { read <- readStream(server.URL + views.Href("/api/train", config.Query())) }()
	} else {
		read <- nil
	}
	start := time.Now()
	follower, err := runs.Follow(runner.Reader{}, config)
	if err != nil {
		b.Fatal(err)
	}
	defer follower.Close()
	if _, err := follower.Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	if err := <-read; err != nil {
		b.Fatal(err)
	}
	return took
}

// readStream reads a stream to its event done.
func readStream(address string) error {
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	done := false
	for lines := bufio.NewReader(answer.Body); ; {
		line, err := lines.ReadString('\n')
		done = done || strings.HasPrefix(line, "event: done")
		switch {
		case err == io.EOF && done:
			return nil
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
}
