package handlers

import (
	"testing"
)

func TestStream(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	for _, tc := range []struct {
		name, path string
		status     int
		contains   []string
		lacks      string
	}{
		{"default", "/labs/stream", 200, []string{"all words become the same word", "after layer 3 they differ by", "purred", `data-plane="residual"`, "they differ by", "Dong et al. (2021)"}, ">near<"},
		{"a layer in hand", "/labs/stream?layer=1", 200, []string{"12 words after layer 1", `href="/labs/stream?layer=0"`, `href="/labs/stream?layer=2"`}, ""},
		{"beyond the last layer", "/labs/stream?layers=2&layer=9", 200, []string{"2 of 2"}, "a layer on"},
		{"one layer", "/labs/stream?layers=1", 200, []string{"the words still differ by", "after layer 1"}, "the same word"},
		{"two words", "/labs/stream?tokens=2&skip=identity", 200, []string{"2 words after layer 6", ", both words become the same word"}, ">sat<"},
		{"heads that do not divide the width", "/labs/stream?heads=5", 200, []string{"Heads must divide the width: 32 is no multiple of 5", "This cannot run.", "Drawn are the usual settings.", `value="5"`}, ""},
		{"too many words", "/labs/stream?tokens=33", 200, []string{"Words must be a whole number from 2 to 32"}, ""},
		{"too much work", "/labs/stream?layers=24&tokens=32", 200, []string{"as much work as the server allows", "This cannot run."}, ""},
		{"bad fields", "/labs/stream?norm=batch&mlp=%3Cb%3E&layer=-1&width=1", 200, []string{"Layer norm must be none, pre or post", "not “&lt;b&gt;”", "Width must be a whole number from 2 to 128"}, "<b>”"},
		{"embedded", "/embed/stream?controls=layers", 200, []string{"Open the lab", `data-lab="stream"`}, `class="bar"`},
		{"board", "/labs/stream/board?layers=2&seed=7", 200, []string{`"query":"layers=2&seed=7"`, `"one":{"plain":[false,false,`, `"words":["the","cat"`}, ""},
		{"API", "/api/stream?layers=2", 200, []string{`"difference":[0.928320711`, `"size":[5.4`, `"places":[[[`}, ""},
		{"API, bad", "/api/stream?heads=3&width=8", 400, []string{`"heads":"must divide the width: 8 is no multiple of 3"`}, ""},
		{"API, too much", "/api/stream?width=128&tokens=32", 400, []string{`"layers":"make this`}, ""},
		{"documented", "/api", 200, []string{"GET /api/stream", "Attention heads work side by side"}, ""},
		{"script", "/export/stream.py?norm=post&skip=identity", 200, []string{"x = layer.norm1(x + attention(layer, x))", "torch.manual_seed(0)", "/labs/stream?norm=post"}, ""},
		{"notebook", "/export/stream.ipynb?mlp=off", 200, []string{`"nbformat"`}, "mlp(layer"},
		{"CSV", "/export/stream.csv?layers=1", 200, []string{"layer,plain_difference,residual_difference,plain_size,residual_size\n0,0.928320711"}, ""},
		{"JSON file", "/export/stream.json?layers=1", 200, []string{`"difference":[`}, ""},
		{"script, bad", "/export/stream.py?layers=0", 400, []string{`"layers":"must be`}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := s.do(t, c, "GET", tc.path, nil)
			for _, want := range tc.contains {
				got.wants(t, tc.status, want, tc.lacks)
			}
		})
	}
}
