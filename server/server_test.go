package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gradlab/store"
)

// start runs the program with the given flags until the test ends, and returns its address and how to stop it.
func start(t *testing.T, args ...string) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "g.db")}, args...), func(string) string { return "" }, w, io.Discard)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("the server does not say where it is: %v, %v", err, <-ended)
	}
	found := regexp.MustCompile(`http://\S+`).FindString(line)
	if found == "" {
		t.Fatalf("no address in %q", line)
	}
	stop = func() error {
		cancel()
		select {
		case err := <-ended:
			ended <- err
			return err
		case <-time.After(2 * stopTime):
			t.Fatal("the server does not stop")
			return nil
		}
	}
	t.Cleanup(func() { stop() })
	return found, stop
}

func TestServesAndStopsCleanly(t *testing.T) {
	address, stop := start(t)
	resp, err := http.Get(address + "/labs/chain")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(string(body), "The chain") {
		t.Errorf("%d %.200s", resp.StatusCode, body)
	}
	if err := healthcheck(t.Context(), strings.TrimPrefix(address, "http://")); err != nil {
		t.Errorf("health check: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if err := healthcheck(t.Context(), strings.TrimPrefix(address, "http://")); err == nil {
		t.Error("the health check of a stopped server passes")
	}
}

// A request that runs when the signal comes is finished; a stream is told.
func TestRunningRequestsFinish(t *testing.T) {
	address, stop := start(t)
	r, err := http.NewRequest("GET", address+"/api/train?steps=5000&count=100&batch=100", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 16<<20)
	stopped := make(chan error, 1)
	last := ""
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "event: ") {
			if last == "" {
				go func() { stopped <- stop() }()
			}
			last = lines.Text()
		}
	}
	if last != "event: failed" {
		t.Errorf("the stream's last event is %q, want failed", last)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestConfig(t *testing.T) {
	env := map[string]string{"GRADLAB_ADDR": "0.0.0.0:9", "GRADLAB_DB": "/from/env.db"}
	getenv := func(name string) string { return env[name] }
	c, err := readConfig(nil, getenv, io.Discard)
	if err != nil || c.addr != "0.0.0.0:9" || c.db != "/from/env.db" {
		t.Errorf("from the environment: %+v, %v", c, err)
	}
	c, err = readConfig([]string{"--addr", "[::1]:80", "--db", "here.db"}, getenv, io.Discard)
	if err != nil || c.addr != "[::1]:80" || c.db != "here.db" {
		t.Errorf("flags over the environment: %+v, %v", c, err)
	}
	env = map[string]string{"GRADLAB_DB": "x", "GRADLAB_KEEP_CLASSES": "100", "GRADLAB_BACKUP_DAYS": "7"}
	c, err = readConfig([]string{"--keep-answers", "365"}, getenv, io.Discard)
	if want := (store.Retention{Classes: 100 * day, Answers: 365 * day}); err != nil || c.kept != want || c.backupDays != 7 {
		t.Errorf("times: %+v, backups %d, %v", c.kept, c.backupDays, err)
	}
	for _, args := range [][]string{{"--keep-classes", "0"}, {"--keep-classes", "a week"}, {"--keep-log", "29"}, {"--keep-answers", "-1"}, {"--keep-plans", "36501"}, {"--keep-log", "1e9"}} {
		if _, err := readConfig(args, getenv, io.Discard); err == nil || !strings.Contains(err.Error(), args[0]) || !strings.Contains(err.Error(), "days") {
			t.Errorf("%v: %v", args, err)
		}
	}
	for contact, right := range map[string]bool{"": true, "lab@example.edu": true, "nobody": false, "Lab <lab@example.edu>": false, `"a b"@example.edu`: false} {
		if c, err := readConfig(nil, func(name string) string {
			return map[string]string{"GRADLAB_DB": "x", "GRADLAB_CONTACT": contact}[name]
		}, io.Discard); (err == nil) != right || right && c.contact != contact {
			t.Errorf("contact %q: %q, %v", contact, c.contact, err)
		}
	}
	for _, args := range [][]string{{"--nothing"}, {"stray"}, {"--addr"}} {
		var said bytes.Buffer
		if _, err := readConfig(args, getenv, &said); err != errUsage || said.Len() == 0 {
			t.Errorf("%v: %v, said %q", args, err, said.String())
		}
	}
}

// The tables in README.md and docs/operations.md are written from the settings: go test ./server -run Documented -write.
func TestSettingsAreDocumented(t *testing.T) {
	all := settings(&config{}, &raw{})
	table := regexp.MustCompile(`(?m)^\| flag \| variable \| \|\n(\|.*\n)+`)
	for name, readme := range map[string]bool{"../README.md": true, "../docs/operations.md": false} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := markdown(all, readme)
		if got := string(table.Find(text)); got == "" {
			t.Errorf("%s has no table of settings", name)
		} else if got != want && !*write {
			t.Errorf("%s has other settings than --help; write them with go test ./server -run Documented -write", name)
		} else if got != want {
			if err := os.WriteFile(name, table.ReplaceAllLiteral(text, []byte(want)), 0o644); err != nil {
				t.Error(err)
			}
		}
	}
}

var write = flag.Bool("write", false, "write the settings into the documents")

// Help that was asked for is no error: the program exits with 0.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"check", "--help"}} {
		var said bytes.Buffer
		if err := run(t.Context(), args, func(string) string { return "" }, io.Discard, &said); err != flag.ErrHelp || !strings.Contains(said.String(), "Usage") {
			t.Errorf("%v: %v, said %q", args, err, said.String())
		}
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), program, args...)
		command.Env = append(os.Environ(), "GRADLAB_TEST_MAIN=1")
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "Usage") {
			t.Errorf("%v: %v, said %q", args, err, out)
		}
	}
}

// TestMain is the program itself where a test starts this binary as that.
func TestMain(m *testing.M) {
	if os.Getenv("GRADLAB_TEST_MAIN") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestBackupFlags(t *testing.T) {
	dir := t.TempDir()
	db, backup := filepath.Join(dir, "g.db"), filepath.Join(dir, "copy.db")
	address, stop := start(t, "--db", db)
	if resp, err := http.Get(address + "/readyz"); err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v, %v", resp, err)
	}
	do := func(args ...string) error {
		return run(t.Context(), append([]string{"--db", db}, args...), func(string) string { return "" }, io.Discard, io.Discard)
	}
	if err := do("--backup", backup); err != nil {
		t.Errorf("backup of a running server: %v", err)
	}
	if err := do("--backup", backup); err == nil {
		t.Error("a second backup overwrites the first")
	}
	stop()
	if err := do("--restore", backup); err != nil {
		t.Errorf("restore: %v", err)
	}
	if err := do("--restore", filepath.Join(dir, "none.db")); err == nil {
		t.Error("restored from a file that is not there")
	}
}

func TestVersionAndErrors(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"--version"}, func(string) string { return "" }, &out, io.Discard); err != nil || !strings.HasPrefix(out.String(), "gradlab ") {
		t.Errorf("--version: %q, %v", out.String(), err)
	}
	address, _ := start(t)
	err := run(t.Context(), []string{"--addr", strings.TrimPrefix(address, "http://"), "--db", filepath.Join(t.TempDir(), "g.db")}, func(string) string { return "" }, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--addr") {
		t.Errorf("an address in use: %v", err)
	}
	err = run(t.Context(), []string{"--addr", "127.0.0.1:0", "--db", t.TempDir()}, func(string) string { return "" }, io.Discard, io.Discard)
	if err == nil {
		t.Error("a folder as --db: no error")
	}
}

// With --metrics-addr the metrics are there, and at the site's address no longer.
func TestMetricsAddress(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	ended := make(chan error, 1)
	db := filepath.Join(t.TempDir(), "g.db")
	go func() {
		ended <- run(ctx, []string{"--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0", "--db", db}, func(string) string { return "" }, w, io.Discard)
		w.Close()
	}()
	said := bufio.NewReader(r)
	address := func() string {
		line, err := said.ReadString('\n')
		found := regexp.MustCompile(`http://[^/ ]+`).FindString(line)
		if err != nil || found == "" {
			t.Fatalf("no address in %q: %v", line, err)
		}
		return found
	}
	site, apart := address(), address()
	for url, want := range map[string]int{site + "/": 200, site + "/metrics": 404, apart + "/metrics": 200, apart + "/": 404} {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", url, resp.StatusCode, want)
		}
	}
	err := run(t.Context(), []string{"--addr", "127.0.0.1:0", "--metrics-addr", strings.TrimPrefix(apart, "http://"), "--db", db + "2"}, func(string) string { return "" }, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--metrics-addr") {
		t.Errorf("an address in use: %v", err)
	}
	if cancel(); <-ended != nil {
		t.Error("it does not stop as it should")
	}
	if _, err := http.Get(apart + "/metrics"); err == nil {
		t.Error("the metrics are there when the site has stopped")
	}
}

// With --json-logs each line of the log is an object; the variable does the same.
func TestJSONLogs(t *testing.T) {
	for _, way := range []struct {
		args []string
		env  string
	}{{[]string{"--json-logs"}, ""}, {nil, "1"}} {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		var log bytes.Buffer
		ended := make(chan error, 1)
		go func() {
			ended <- run(ctx, append([]string{"--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "g.db")}, way.args...),
				func(name string) string { return map[string]string{"GRADLAB_JSON_LOGS": way.env}[name] }, w, &log)
			w.Close()
		}()
		if _, err := bufio.NewReader(r).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range bytes.Lines(log.Bytes()) {
			var event struct{ Time, Level, Msg string }
			if err := json.Unmarshal(line, &event); err != nil || event.Msg == "" || event.Level == "" {
				t.Errorf("%q: %v", line, err)
			}
			lines++
		}
		if lines < 2 {
			t.Errorf("%d lines: %s", lines, log.String())
		}
	}
}
