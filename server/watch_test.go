package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// metricsOf are the names that a running server gives at /metrics, of all that it can give: a counter with labels has none before
// something was counted, and is taken from the source of the metrics.
func metricsOf(t *testing.T) map[string]bool {
	t.Helper()
	address, _ := start(t)
	got, err := http.Get(address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../handlers/metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+)|"(gradlab_\w+)"`).FindAllStringSubmatch(string(text)+string(source), -1) {
		names[m[1]+m[2]] = true
	}
	return names
}

// Alerts and dashboard ask for metrics that there are.
func TestWatchedMetricsExist(t *testing.T) {
	names := metricsOf(t)
	for _, name := range []string{"gradlab_db_ping_seconds", "go_sql_open_connections", "gradlab_http_requests_total"} {
		if !names[name] {
			t.Errorf("/metrics lacks %s", name)
		}
	}
	rules, err := os.ReadFile("../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var alerts struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(rules, &alerts); err != nil || len(alerts.Groups) != 1 {
		t.Fatalf("%v, %d groups", err, len(alerts.Groups))
	}
	asked := map[string]string{} // expressions by what asks
	for _, r := range alerts.Groups[0].Rules {
		asked[r.Alert] = r.Expr
		if r.Annotations["summary"] == "" {
			t.Errorf("%s has no summary", r.Alert)
		}
	}
	board, err := os.ReadFile("../deploy/dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(board, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		for i, target := range p.Targets {
			asked[fmt.Sprint(p.Title, " ", i)] = target.Expr
		}
	}
	if len(asked) < 20 {
		t.Errorf("only %d expressions were found", len(asked))
	}
	for what, expr := range asked {
		found := false
		for _, name := range regexp.MustCompile(`\b(gradlab|go|process)_\w+`).FindAllString(expr, -1) {
			found = true
			if base := strings.TrimSuffix(name, "_bucket"); !names[base] {
				t.Errorf("%s asks for %s, which there is not", what, name)
			}
		}
		if !found && !strings.HasPrefix(expr, "up{") {
			t.Errorf("%s asks for no metric: %s", what, expr)
		}
	}
}
