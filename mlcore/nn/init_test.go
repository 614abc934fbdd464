package nn

import (
	"encoding/json"
	"strings"
	"testing"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/internal/oracle"
	"gradlab/mlcore/torchrand"
)

// TestInitialisersEqualPyTorch compares bit for bit.
func TestInitialisersEqualPyTorch(t *testing.T) {
	var cases []map[string]json.RawMessage
	oracle.Read(t, "rng", &cases)
	type layer struct{ Weight, Bias []float64 }
	for _, c := range cases {
		var seed uint32
		if err := json.Unmarshal(c["seed"], &seed); err != nil {
			t.Fatal(err)
		}
		check := func(name string, got []float32, want []float64) {
			t.Helper()
			for i, w := range want {
				if float64(got[i]) != w {
					t.Errorf("seed %d %s[%d]: got %v, want %v", seed, name, i, got[i], w)
					return
				}
			}
		}
		for ours, theirs := range map[string]string{
			"xavier_uniform": "xavier_uniform_4x9", "xavier_normal": "xavier_normal_4x9",
			"kaiming_uniform": "kaiming_uniform_relu_4x9", "kaiming_normal": "kaiming_normal_relu_4x9",
		} {
			var want []float64
			if err := json.Unmarshal(c[theirs], &want); err != nil {
				t.Fatal(err)
			}
			w := autograd.NewParameter[float32]("w", 4, 9)
			kind, err := Parse(ours, Initialisations())
			if err != nil {
				t.Fatal(err)
			}
			redraw(torchrand.New(seed), w, kind)
			check(ours, w.Data, want)
		}
		var want layer
		if err := json.Unmarshal(c["conv2d_2_3_3"], &want); err != nil {
			t.Fatal(err)
		}
		conv := newConv2d[float32](torchrand.New(seed), "c", "c", 2, 3, 3, autograd.ConvParams{}, true)
		check("conv2d weight", conv.weight.Data, want.Weight)
		check("conv2d bias", conv.bias.Data, want.Bias)
		if err := json.Unmarshal(c["linear_7_3"], &want); err != nil {
			t.Fatal(err)
		}
		l := newLinear[float32](torchrand.New(seed), "l", "l", 7, 3)
		check("linear weight", l.weight.Data, want.Weight)
		check("linear bias", l.bias.Data, want.Bias)
	}
}

func TestParseNamesTheUnknownKind(t *testing.T) {
	_, err := Parse("orthogonal", Initialisations())
	if err == nil || !strings.Contains(err.Error(), `"orthogonal", want one of default, xavier_uniform`) {
		t.Errorf("got %v for an unknown initialisation", err)
	}
}
