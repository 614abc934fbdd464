package experiment

import (
	"fmt"
	"net/url"
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
