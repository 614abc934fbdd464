package handlers

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestKernelsAPI(t *testing.T) {
	s := newSite(t)
	got := s.do(t, s.client(t), http.MethodGet, "/api/kernels?garment=0&row=8&column=14&bias=no", nil)
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, `"bias"`) {
		t.Errorf("an unknown field: got %d %s", got.status, got.body)
	}
	got = s.do(t, s.client(t), http.MethodGet, "/api/kernels?pool=max&row=8&column=14", nil)
	var body struct {
		Config map[string]any
		Image  [][]float64
		Stages []struct {
			Kernel struct{ Weights [][]float64 }
			Sum    [][]float64
			Output [][]float64
			Field  int `json:"receptive_field"`
		}
		Pixel struct {
			Patch, Products [][]float64
			Sum, Activated  float64
		}
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatalf("%v in %.200s", err, got.body)
	}
	stage := body.Stages[0]
	if len(body.Image) != 28 || len(stage.Sum) != 28 || len(stage.Output) != 14 || stage.Field != 4 {
		t.Errorf("sides %d, %d, %d and field %d, want 28, 28, 14 and 4", len(body.Image), len(stage.Sum), len(stage.Output), stage.Field)
	}
	sum := 0.0
	for y, row := range body.Pixel.Products {
		for x, product := range row {
			if want := body.Image[7+y][13+x]; body.Pixel.Patch[y][x] != want {
				t.Errorf("patch %d, %d: got %v, want the image’s %v", y, x, body.Pixel.Patch[y][x], want)
			}
			if want := body.Pixel.Patch[y][x] * stage.Kernel.Weights[y][x]; !(math.Abs(product-want) <= 1e-6) {
				t.Errorf("product %d, %d: got %v, want %v", y, x, product, want)
			}
			sum += product
		}
	}
	if !(math.Abs(sum-body.Pixel.Sum) <= 1e-5) || body.Pixel.Sum != stage.Sum[8][14] || sum == 0 {
		t.Errorf("sum: products give %v, the pixel says %v, the map %v", sum, body.Pixel.Sum, stage.Sum[8][14])
	}
}

func TestKernelsPages(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("A", 30_000)
	learnt := "run=" + url.QueryEscape("steps=2&count=10&batch=10") + "&kernel=learnt"
	mlp := "/api/train?net=mlp&steps=2&count=10&batch=10&depth=1"
	for _, run := range []string{mlp, mlp + "&skip=identity", "/api/train?steps=2&count=10&batch=10"} {
		s.do(t, s.client(t), http.MethodGet, run, nil) // the pages below do not wait long for a run
	}
	for _, c := range []struct {
		name, path string
		status     int
		contains   []string
		lacks      string
	}{
		{"default", "/labs/kernels", 200, []string{"vertical edges (Sobel x)", "Ankle boot", `data-map="sum-1"`, "nine products"}, "Second stage:"},
		{"blur", "/labs/kernels?kernel=blur&activation=identity", 200, []string{"so brightness stays", "it blurs", "0.111"}, `data-map="out-1"`},
		{"three stages", "/labs/kernels?kernel2=blur&kernel3=sobel_y&pool=max&stage=3", 200, []string{"After three stages, 14 × 14 values are left", "each sees at most 12 × 12 pixels", `data-map="sum-3"`}, ""},
		{"padding", "/labs/kernels?row=0&column=0", 200, []string{`class="pad"`}, ""},
		{"hand-made 5 × 5", "/labs/kernels?kernel=custom&weights=" + strings.Repeat("1,", 24) + "1", 200, []string{"twenty-five products", "add up to 25"}, ""},
		{"from the train lab", "/labs/train?steps=2&count=10&batch=10", 200, []string{`href="/labs/kernels?kernel=learnt&amp;run=batch%3D10%26count%3D10%26steps%3D2&amp;scale=net"`}, ""},
		{"a net without kernels", "/labs/train?net=mlp&steps=2&count=10&batch=10&depth=1", 200, []string{"Table of numbers"}, "Try the learnt kernels"},
		{"blank picture", "/labs/kernels?image=own", 200, []string{"its image is even"}, ""},
		{"learnt", "/labs/kernels?" + learnt, 200, []string{"learnt, channel 0", "bias", "/labs/train?"}, "is being trained"},
		{"a run that is too long", "/labs/kernels?kernel=learnt&run=steps%3D5000", 200, []string{"Train it in the train lab", `href="/labs/train?steps=5000"`, `data-map="in-0"`}, ""},
		{"bad fields", "/labs/kernels?garment=-1&stride=9&kernel=%3Cb%3E&pool=NaN", 200, []string{"Garment must be a whole number from 0 to 999", "Stride must be a whole number from 1 to 3", "not “&lt;b&gt;”"}, "<b>”"},
		{"long picture", "/labs/kernels?image=own&pixels=" + long, 200, []string{"at most 1055 characters"}, ""},
		{"repeated", "/labs/kernels?row=1&row=2", 200, []string{"is given 2 times"}, ""},
		{"board", "/labs/kernels/board?kernel=emboss", 200, []string{`"query":"kernel=emboss"`, `"stages":{"1":"-2,-1,0,-1,1,1,0,1,2"}`}, ""},
		{"pixel", "/labs/kernels/pixel?row=5&column=6", 200, []string{`"sum-1":[6,5,1,1]`, `"in-1":[5,4,3,3]`, "row 5, column 6"}, ""},
		{"pixel, bad", "/labs/kernels/pixel?row=x", 200, []string{"row 12, column 12"}, ""},
		{"pixel beyond the map", "/labs/kernels/pixel?stride=3&row=20", 200, []string{`"row":9`}, ""},
		{"API, bad", "/api/kernels?stride=0&weights=1", 400, []string{`"stride":"must be a whole number from 1 to 3`}, ""},
		{"API, learnt", "/api/kernels?" + learnt, 200, []string{`"bias":`, `"kernel":"learnt"`}, ""},
		{"API, a channel it lacks", "/api/kernels?unit=9&" + learnt, 400, []string{"has 5 kernels"}, ""},
		{"script", "/export/kernels.py?kernel=blur&pool=max", 200, []string{"0.11111111, 0.11111111", "x = F.max_pool2d(x, 2)", "/labs/kernels?kernel=blur"}, ""},
		{"notebook", "/export/kernels.ipynb", 200, []string{`"nbformat"`}, ""},
		{"JSON file", "/export/kernels.json", 200, []string{`"receptive_field":3`}, ""},
		{"no such file", "/export/kernels.exe", 404, nil, ""},
		{"script, bad", "/export/kernels.py?kernel=x", 400, []string{`"kernel":"must be`}, ""},
		{"CSV", "/export/kernels.csv?kernel=identity", 200, []string{"map,stage,row,column,value\nimage,0,0,0,0\n", "kernel,1,1,1,1\n", "output,1,27,27,"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := s.do(t, s.client(t), http.MethodGet, c.path, nil)
			if got.status != c.status {
				t.Errorf("status: got %d, want %d", got.status, c.status)
			}
			for _, want := range c.contains {
				if !strings.Contains(got.body, want) {
					t.Errorf("got no %q", want)
				}
			}
			if c.lacks != "" && strings.Contains(got.body, c.lacks) {
				t.Errorf("got %.80q", c.lacks)
			}
		})
	}
}
