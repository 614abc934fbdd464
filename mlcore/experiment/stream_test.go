package experiment

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// Without skips all words become one, and neither MLP nor layer norm helps; with skips they stay apart. Over three seeds.
func TestPureAttentionLosesRank(t *testing.T) {
	for seed := range 3 {
		for _, norm := range []string{"none", "pre", "post"} {
			for _, mlp := range []string{"off", "on"} {
				c, errs := ParseStream(url.Values{"norm": {norm}, "mlp": {mlp}, "seed": {fmt.Sprint(seed)}})
				if errs != nil {
					t.Fatal(errs)
				}
				plain, residual := c.Run().Difference, c.Twin().Run().Difference
				t.Logf("%s %s %d: %.2g %.2g", norm, mlp, seed, plain, residual)
				if plain[4] > 1e-9 || plain[6] > 1e-14 || plain[0] < 0.8 {
					t.Errorf("%s, plain: after 4 layers %.2g, after 6 %.2g", c.Query().Encode(), plain[4], plain[6])
				}
				if residual[4] < 0.7 || residual[6] < 0.7 || residual[0] != plain[0] {
					t.Errorf("%s, residual: after 4 layers %.2g, after 6 %.2g", c.Query().Encode(), residual[4], residual[6])
				}
				// Doubly exponential: what is left is squared, or more than that, from layer to layer.
				for l := 1; l < 3; l++ {
					if d := plain[l]; plain[l+1] > 1e-13 && plain[l+1] > 3*d*d {
						t.Errorf("%s: from %.2g to %.2g", c.Query().Encode(), d, plain[l+1])
					}
				}
			}
		}
	}
}

func BenchmarkStream(b *testing.B) {
	for _, query := range []string{"", "layers=19", "tokens=32", "width=64&layers=4", "width=128&layers=1"} {
		b.Run(query, func(b *testing.B) {
			values, _ := url.ParseQuery(query)
			c, errs := ParseStream(values)
			if errs != nil {
				b.Fatal(errs)
			}
			for b.Loop() {
				c.Run()
			}
			b.ReportMetric(c.Cost(), "multiply-adds")
		})
	}
}

func TestBadStreamsAreRefusedAtTheirFields(t *testing.T) {
	for _, test := range []struct{ query, field, says string }{
		{"layers=0", "layers", "from 1 to "},
		{"tokens=1000", "tokens", "a whole number from "},
		{"heads=3", "heads", "must divide the width: 32 is no multiple of 3"},
		{"norm=batch", "norm", "none, pre or post"},
		{"tokens=TOKENS&layers=LAYERS&width=WIDTH", "layers", "times as much work as the server allows"},
	} {
		most := strings.NewReplacer("TOKENS", greatest(t, "tokens"), "LAYERS", greatest(t, "layers"), "WIDTH", greatest(t, "width"))
		query, err := url.ParseQuery(most.Replace(test.query))
		if err != nil {
			t.Fatal(err)
		}
		_, errs := ParseStream(query)
		if len(errs) != 1 || !strings.Contains(errs[test.field], test.says) {
			t.Errorf("%s: got %v, want %q at %s", query.Encode(), errs, test.says, test.field)
		}
	}
}

// greatest is the greatest value that a field of a stream accepts.
func greatest(t *testing.T, field string) string {
	t.Helper()
	return fmt.Sprint(StreamTable().Field(Stream{}, field).Max)
}
