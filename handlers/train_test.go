package handlers

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

func parseTrain(t testing.TB, query string) experiment.Train {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, errs := experiment.ParseTrain(values)
	if errs != nil {
		t.Fatal(errs)
	}
	return c
}

func TestTrainBoardParts(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	for _, row := range []struct {
		name, query string
		want, lacks []string
	}{
		{"one net", "steps=3&count=10&batch=10", []string{"nothing to skip", "The loss goes", `"learnt":"<section`, "kernel 5", "class "}, nil},
		{"accuracy", "curve=accuracy&steps=3&count=10&batch=10", []string{"Share right", `"max":100`, `"query":"batch=10&count=10&curve=accuracy&steps=3"`}, []string{"Cross-entropy"}},
		{"log axis", "curve=log&steps=3&count=10&batch=10", []string{`"type":"log"`, "logarithmic"}, nil},
		{"map", "gradients=heat&steps=3&count=10&batch=10&depth=1", []string{`"heat":true`, "over all steps"}, []string{"nothing to skip"}},
		{"no kernels", "net=mlp&depth=2&steps=3", []string{"A fully connected net has none"}, []string{"maps.png"}},
		{"garments", "net=deep&n=1&steps=3&image=9", []string{"Ankle boot", "maps.png?", "Image 2 of the new ones", "means of the last 3"}, nil},
		{"bad view", "curve=sine&image=99", []string{"must be loss, log or accuracy", "from 0 to 15"}, nil},
	} {
		// The board trains only as long as a page may wait: on a slow machine the answer of the API has to come first.
		if query, _ := url.ParseQuery(row.query); row.name != "bad view" {
			for _, name := range []string{"curve", "gradients", "image"} {
				query.Del(name)
			}
			s.do(t, c, "GET", "/export/train.csv?"+query.Encode(), nil)
		}
		a := s.do(t, c, "GET", "/labs/train/board?"+row.query, nil)
		if a.status != http.StatusOK {
			t.Errorf("%s: status %d", row.name, a.status)
		}
		for _, want := range row.want {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %q", row.name, want)
			}
		}
		for _, lacks := range row.lacks {
			if strings.Contains(a.body, lacks) {
				t.Errorf("%s holds %q", row.name, lacks)
			}
		}
	}
}

func TestTrainPictures(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	const query = "batch=10&count=10&steps=3"
	if a := s.do(t, c, "GET", "/labs/train/samples.png?"+query, nil); a.status != http.StatusNotFound {
		t.Errorf("pictures of a run that is not known: status %d, want 404", a.status)
	}
	s.do(t, c, "GET", "/api/train?"+query, nil)
	for _, row := range []struct {
		path          string
		status        int
		width, height int
	}{
		{"/labs/train/samples.png?" + query, 200, 16 * 28, 28},
		{"/labs/train/maps.png?" + query + "&image=15", 200, 5 * 26, 26},
		{"/labs/train/maps.png?" + query + "&image=16", 400, 0, 0},
		{"/labs/train/weights.png?" + query, 404, 0, 0},
		{"/labs/train/samples.png?depth=x", 400, 0, 0},
	} {
		a := s.do(t, c, "GET", row.path, nil)
		if a.status != row.status {
			t.Errorf("%s: status %d, want %d", row.path, a.status, row.status)
		}
		if row.status != 200 {
			continue
		}
		picture, err := png.DecodeConfig(bytes.NewReader([]byte(a.body)))
		if err != nil || picture.Width != row.width || picture.Height != row.height {
			t.Errorf("%s: %d × %d, error %v", row.path, picture.Width, picture.Height, err)
		}
	}
}

// What the page's script gets of a run says what the API says of it.
func TestTrainRunOfThePage(t *testing.T) {
	s := newSite(t)
	c := s.client(t)
	const query = "batch=10&count=10&depth=1&steps=3"
	var api struct {
		Losses []float64
		Test   map[string]float64
	}
	if err := json.Unmarshal([]byte(s.do(t, c, "GET", "/api/train?"+query, nil).body), &api); err != nil {
		t.Fatal(err)
	}
	s.do(t, c, "GET", "/api/train?skip=identity&"+query, nil)
	var board struct {
		Run struct {
			Query    string
			Finished map[string][]struct{ Loss float64 }
			Tests    map[string]map[string]float64
		}
	}
	if err := json.Unmarshal([]byte(s.do(t, c, "GET", "/labs/train/board?"+query, nil).body), &board); err != nil {
		t.Fatal(err)
	}
	if board.Run.Query != query || len(board.Run.Finished) != 2 {
		t.Errorf("run %q with %d twins", board.Run.Query, len(board.Run.Finished))
	}
	for i, step := range board.Run.Finished["plain"] {
		if step.Loss != api.Losses[i] {
			t.Errorf("step %d: loss %v, the API says %v", i, step.Loss, api.Losses[i])
		}
	}
	if got := board.Run.Tests["plain"]["loss"]; got != api.Test["loss"] {
		t.Errorf("test loss %v, the API says %v", got, api.Test["loss"])
	}
}
