package experiment

import (
	"maps"
	"math"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a random query that a table accepts field by field.
func drawn[C any](t *rapid.T, table Table[C]) url.Values {
	query := url.Values{}
	var c C
	for _, e := range table {
		if !e.fit(c) {
			continue
		}
		e.set(&c, e.Default)
		if !rapid.Bool().Draw(t, e.Name+" given") {
			continue
		}
		var text string
		switch e.Kind {
		case Integer:
			text = strconv.FormatInt(rapid.Int64Range(int64(e.Min), int64(e.Max)).Draw(t, e.Name), 10)
		case Real:
			text = strconv.FormatFloat(rapid.Float64Range(e.Min, e.Max).Draw(t, e.Name), 'g', -1, 64)
		case Choice:
			text = rapid.SampledFrom(e.Choices).Draw(t, e.Name).Value
		}
		if err := e.set(&c, text); err != nil {
			t.Fatalf("%s=%s: %v", e.Name, text, err)
		}
		query.Set(e.Name, text)
	}
	return query
}

// roundTrip asserts that a config's query means the config, and is its only one.
func roundTrip[C comparable](t *rapid.T, table Table[C]) {
	c, errs := table.Parse(drawn(t, table))
	if errs != nil {
		t.Fatal(errs)
	}
	again, errs := table.Parse(table.Query(c))
	if errs != nil || again != c {
		t.Fatalf("%+v was written as %q, which reads as %+v, %v", c, table.Query(c).Encode(), again, errs)
	}
	if a, b := table.Query(c).Encode(), table.Query(again).Encode(); a != b {
		t.Fatalf("one config, two queries: %q and %q", a, b)
	}
}

func TestQueryRoundTrip(t *testing.T) {
	t.Run("chain", rapid.MakeCheck(func(t *rapid.T) { roundTrip(t, chainTable) }))
	t.Run("train", rapid.MakeCheck(func(t *rapid.T) { roundTrip(t, trainTable) }))
}

func TestDefaultsLeaveTheQueryEmpty(t *testing.T) {
	if q := ChainTable().Default().Query(); len(q) > 0 {
		t.Errorf("the default chain is written as %q", q.Encode())
	}
	if q := TrainTable().Default().Query(); len(q) > 0 {
		t.Errorf("the default run is written as %q", q.Encode())
	}
	for _, net := range []string{"notebook", "deep", "mlp"} {
		c, errs := ParseTrain(url.Values{"net": {net}})
		if errs != nil {
			t.Errorf("the default run of %s: %v", net, errs)
		}
		if q := c.Query(); len(q) > 1 {
			t.Errorf("the default run of %s is written as %q", net, q.Encode())
		}
	}
}

func TestBadQueriesNameTheirFields(t *testing.T) {
	for _, c := range []struct{ query, field, says string }{
		{"depth=0", "depth", "from 1 to 100"},
		{"depth=101", "depth", "from 1 to 100"},
		{"depth=1000000000", "depth", "from 1 to 100"},
		{"depth=99999999999999999999", "depth", "from 1 to 100"},
		{"depth=abc", "depth", "“abc”"},
		{"depth=4.5", "depth", "whole number"},
		{"depth=", "depth", "is empty"},
		{"depth=3&depth=4", "depth", "2 times"},
		{"x=NaN", "x", "from -1000 to 1000"},
		{"x=Inf", "x", "from -1000 to 1000"},
		{"x=1e308", "x", "from -1000 to 1000"},
		{"x=1e999", "x", "from -1000 to 1000"},
		{"w=0x", "w", "a number"},
		{"seed=-1", "seed", "whole number"},
		{"seed=4294967296", "seed", "whole number"},
		{"activation=foo", "activation", "relu"},
		{"activation=RELU", "activation", "not “RELU”"},
		{"skip=A", "skip", "none or identity"},
		{"dtype=float16", "dtype", "float32 or float64"},
		{"deepth=4", "deepth", "not a parameter"},
		{"x=%ff", "x", "\uFFFD"},
		{"x=" + strings.Repeat("9", 100_000), "x", "…”"},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		config, errs := ParseChain(query)
		if !strings.Contains(errs[c.field], c.says) {
			t.Errorf("%.40s: %s: %q lacks %q", c.query, c.field, errs[c.field], c.says)
		}
		if len(errs) != 1 || len(errs.Error()) > 300 {
			t.Errorf("%.40s: errors are %v, want one short one", c.query, errs)
		}
		if config != ChainTable().Default() && c.query != "skip=A" {
			t.Errorf("%.40s: config is %+v, want the default", c.query, config)
		}
	}
}

func TestEveryBadFieldIsNamed(t *testing.T) {
	_, errs := ParseTrain(url.Values{"steps": {"1000000000000"}, "lr": {"-1"}, "net": {"rnn"}, "batch": {"7"}, "skip": {"A"}})
	got := maps.Clone(errs)
	for _, name := range []string{"steps", "lr", "net", "skip", "batch"} {
		if errs[name] == "" {
			t.Errorf("%s is not named in %v", name, got)
		}
		delete(errs, name)
	}
	if len(errs) > 0 {
		t.Errorf("named without need: %v", errs)
	}
}

func TestFieldsThatDoNotGoTogether(t *testing.T) {
	for query, field := range map[string]string{
		"count=100&batch=30":                                       "batch",
		"count=10&batch=20":                                        "batch",
		"net=deep&norm=group&channels=6":                           "channels",
		"net=mlp&norm=batch&batch=1":                               "batch",
		"depth=20&steps=5000&batch=500&count=5000":                 "steps",
		"net=deep&n=18&channels=32&batch=512&count=512&steps=5000": "steps",
	} {
		values, _ := url.ParseQuery(query)
		if _, errs := ParseTrain(values); errs[field] == "" || len(errs) != 1 {
			t.Errorf("%s: errors are %v, want one of %s", query, errs, field)
		}
	}
}

// A field of another net says nothing about this one: a form may send it along.
func TestFieldOfAnotherNetIsPassedOver(t *testing.T) {
	a, errs := ParseTrain(url.Values{"net": {"mlp"}, "order": {"pre"}, "channels": {"8"}})
	if b, _ := ParseTrain(url.Values{"net": {"mlp"}}); errs != nil || a != b {
		t.Errorf("got %+v, %v, want %+v", a, errs, b)
	}
}

func TestMinusZeroIsZero(t *testing.T) {
	c, errs := ParseChain(url.Values{"x": {"-0"}})
	if errs != nil || math.Signbit(c.X) {
		t.Errorf("x is %v, %v", c.X, errs)
	}
}

// Every bound, default and choice of a table is one that it accepts itself.
func TestTablesAreConsistent(t *testing.T) {
	check := func(f Field) {
		low, high := f.Slider()
		if f.Kind != Choice && (low < f.Min || high > f.Max || low >= high || f.Step <= 0) {
			t.Errorf("%s: slider %v to %v by %v, accepted %v to %v", f.Name, low, high, f.Step, f.Min, f.Max)
		}
		if f.Label == "" || f.Help == "" || f.Default == "" {
			t.Errorf("%s lacks words: %+v", f.Name, f)
		}
	}
	for _, f := range ChainTable().Fields(ChainTable().Default()) {
		check(f)
	}
	for _, net := range []string{"notebook", "deep", "mlp"} {
		c, _ := ParseTrain(url.Values{"net": {net}})
		for _, f := range TrainTable().Fields(c) {
			check(f)
		}
	}
}

// The forms of the pages write numbers as JavaScript does; a link must not depend on who wrote it.
func TestNumbersAreWrittenAsABrowserWritesThem(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.5: "0.5", -20: "-20", 0.001: "0.001", 0.00001: "0.00001", 1.5e-6: "0.0000015",
		1e-7: "1e-7", -2.5e-7: "-2.5e-7", 1e-10: "1e-10", 1e20: "100000000000000000000", 1e21: "1e+21", 1e-300: "1e-300",
	} {
		if got := number(v); got != want {
			t.Errorf("number(%g): got %q, want %q", v, got, want)
		}
	}
}
