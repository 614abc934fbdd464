package board

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"

	"gradlab/mlcore/data"
	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// learntTwins are the first kernels of both twins, or why there are none.
func learntTwins(config experiment.Train, p TrainTwins) (twins []views.LearntTwin, untaught string) {
	for _, t := range p.twins(config) {
		if len(t.FirstKernels) == 0 {
			untaught = "A fully connected net has none: each unit of its first layer has a weight of its own for each of the 784 pixels."
		}
		var all []float64
		for _, k := range t.FirstKernels {
			all = append(all, k.Weights...)
		}
		low, high := greyScale(all)
		learnt := views.LearntTwin{Twin: t.name}
		for i, k := range t.FirstKernels {
			title := fmt.Sprintf("kernel %d", i+1)
			if k.Bias != 0 {
				title += ", bias " + views.Num(k.Bias, 2).String()
			}
			learnt.Kernels = append(learnt.Kernels, views.Numbers(title, k.Size, k.Weights, low, high, func(v float64) views.Text { return views.Num(v, 2) }))
		}
		twins = append(twins, learnt)
	}
	return twins, untaught
}

// sampleViews are the images that the nets are shown on, with the answers of both.
func sampleViews(config experiment.Train, view experiment.TrainView, p TrainTwins) []views.SampleView {
	var shown []views.SampleView
	twins := p.twins(config)
	for i, sample := range twins[0].Samples {
		to := view
		to.Image = i
		set := "trained on"
		if sample.Test {
			set = "new"
		}
		label := config.ClassName(sample.Label)
		s := views.SampleView{
			Set: set, Label: label, Chosen: i == chosenSample(view, p),
			Picture: views.Picture{
				Source: samplesPicture(config), Left: i * data.Width, Across: len(twins[0].Samples) * data.Width, Side: data.Width,
				Describe: fmt.Sprintf("Image %d, %s: %s", sample.Index+1, set, label),
			},
			Choose: views.SetLink{Key: "image-" + strconv.Itoa(i), Href: views.Href("/labs/train", to.Query(config)), Field: "image", Value: strconv.Itoa(i)},
		}
		for _, t := range twins {
			answer := t.Samples[i]
			s.Answers = append(s.Answers, sampleAnswer(config, t.name, answer))
		}
		shown = append(shown, s)
	}
	return shown
}

// sampleAnswer is what one twin says of an image.
func sampleAnswer(config experiment.Train, name string, s experiment.Sample) views.SampleAnswer {
	a := views.SampleAnswer{Twin: name, Right: s.Right()}
	switch share := s.Probabilities[s.Guess()]; {
	case math.IsNaN(share):
		a.Text, a.Share = "no answer", "NaN"
		return a
	case a.Right:
		a.Text = "right"
	default:
		a.Text = "wrong: " + config.ClassName(s.Guess())
	}
	a.Share = percent(s.Probabilities[s.Guess()])
	return a
}

// chosenSample is the image in hand: the last one where a small set has fewer than the query asks for.
func chosenSample(view experiment.TrainView, p TrainTwins) int {
	return min(view.Image, len(p.Plain.Samples)-1)
}

// sampleDetail is the image in hand: what the nets' first layers make of it, and how sure they are of each class.
func sampleDetail(config experiment.Train, view experiment.TrainView, p TrainTwins) *views.SampleDetail {
	at := chosenSample(view, p)
	twins := p.twins(config)
	chosen := twins[0].Samples[at]
	set := "of those trained on"
	if chosen.Test {
		set = "of the new ones"
	}
	d := &views.SampleDetail{Title: fmt.Sprintf("Image %d %s: %s", chosen.Index+1, set, config.ClassName(chosen.Label))}
	for class := range chosen.Probabilities {
		d.Odds = append(d.Odds, views.OddsRow{Class: config.ClassName(class), Wanted: class == chosen.Label})
	}
	for _, t := range twins {
		sample := t.Samples[at]
		d.Twins = append(d.Twins, t.name)
		for class, share := range sample.Probabilities {
			d.Odds[class].Shares = append(d.Odds[class].Shares, views.Num(share, 2))
		}
		if len(sample.Maps) == 0 {
			continue
		}
		values := flat(sample.Maps)
		low, high := greyScale(values)
		name := views.Plain(t.name)
		if t.name == "residual" {
			name = views.Residual(t.name)
		}
		if slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
			d.Maps = append(d.Maps, views.TwinMaps{Twin: t.name, Caption: views.Join(name, views.T(": what the first layer puts out is no longer a number"))})
			continue
		}
		m := views.TwinMaps{Twin: t.name, Caption: views.Join(name, views.T(": what the first layer puts out, from "), views.Num(low, 2), views.T(" in black to "), views.Num(high, 2), views.T(" in white"))}
		if low < 0 {
			m.Caption = views.Join(m.Caption, views.T(", grey is 0"))
		}
		for c, values := range sample.Maps {
			row := mapRow(c+1, values)
			m.Rows = append(m.Rows, row)
			m.Pictures = append(m.Pictures, views.Picture{
				Source: mapsPicture(t.Train(), at), Left: c * sample.MapSide, Across: len(sample.Maps) * sample.MapSide, Side: sample.MapSide,
				Describe: fmt.Sprintf("Feature map %d, %s: %s to %s, mean %s", c+1, t.name, row.Low, row.High, row.Mean),
			})
		}
		d.Maps = append(d.Maps, m)
	}
	return d
}

// mapRow sums a feature map up.
func mapRow(channel int, values []float32) views.MapRow {
	low, high, sum, quiet := float64(values[0]), float64(values[0]), 0.0, 0
	for _, v := range values {
		low, high, sum = min(low, float64(v)), max(high, float64(v)), sum+float64(v)
		if v == 0 {
			quiet++
		}
	}
	n := float64(len(values))
	return views.MapRow{
		Channel: channel, Low: views.Cell(low), High: views.Cell(high), Mean: views.Cell(sum / n), Quiet: percent(float64(quiet) / n),
	}
}

// samplesPicture and mapsPicture are the addresses of a run's pictures.
func samplesPicture(config experiment.Train) string {
	return views.Href("/labs/train/samples.png", config.Query())
}

func mapsPicture(config experiment.Train, image int) string {
	query := config.Query()
	query.Set("image", strconv.Itoa(image))
	return views.Href("/labs/train/maps.png", query)
}

func flat(maps [][]float32) []float64 {
	var all []float64
	for _, m := range maps {
		for _, v := range m {
			all = append(all, float64(v))
		}
	}
	return all
}

// learntKernelsAt is where the kernels of a finished run can be tried; "" where its first layer has none.
func learntKernelsAt(config experiment.Train, p TrainTwins) string {
	if p.Plain.FirstKernels == nil {
		return ""
	}
	query := url.Values{"kernel": {"learnt"}, "scale": {"net"}}
	if run := config.Query().Encode(); run != "" {
		query.Set("run", run)
	}
	return views.Href("/labs/kernels", query)
}
