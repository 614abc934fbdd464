package experiment

import (
	"net/url"
	"testing"
)

func parseTrain(t testing.TB, query string) Train {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := ParseTrain(values)
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func TestTrainLabRoundTrip(t *testing.T) {
	for _, query := range []string{"", "curve=log", "curve=accuracy&depth=3&gradients=heat&image=15&seed=7", "gradients=heat&net=deep&skip=C"} {
		values, _ := url.ParseQuery(query)
		config, view, errs := ParseTrainLab(values)
		if errs != nil {
			t.Errorf("%s: %v", query, errs)
		}
		if got := view.Query(config).Encode(); got != values.Encode() {
			t.Errorf("%s: written as %s", query, got)
		}
	}
}

func TestTrainLabNamesBadFieldsOfBothKinds(t *testing.T) {
	_, view, errs := ParseTrainLab(url.Values{"curve": {"sine"}, "image": {"16"}, "depth": {"x"}, "colour": {"red"}})
	for _, name := range []string{"curve", "image", "depth", "colour"} {
		if errs[name] == "" {
			t.Errorf("%s is not named in %v", name, errs)
		}
	}
	if want := (TrainView{Curve: CurveLoss, Gradients: GradientBars}); view != want {
		t.Errorf("view %+v, want %+v", view, want)
	}
	if _, errs := ParseTrain(url.Values{"curve": {"log"}}); errs["curve"] == "" {
		t.Error("the experiment takes a field of the page")
	}
}
