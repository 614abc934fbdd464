package handlers

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"

	"gradlab/mlcore/data"
	"gradlab/mlcore/experiment"
)

// trainPictures answers with what a finished run keeps, as one grey PNG of squares beside each other: "samples" are the
// images that it was shown on, "maps" the feature maps of the one that the query names. It trains nothing: a run that
// is not known any more has no pictures.
func (s *site) trainPictures(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseTrainLab(queryOf(r))
	if errs != nil {
		return badQuery(errs)
	}
	outcome, found := s.Runs.Finished(config)
	if !found {
		return notFound
	}
	var picture *image.Gray
	switch pathOf(r, "picture") {
	case "samples":
		var images [][]float32
		for _, sample := range outcome.Samples {
			images = append(images, sample.Image)
		}
		picture = greyRow(images, data.Width)
	case "maps":
		sample := outcome.Samples[min(view.Image, len(outcome.Samples)-1)]
		if len(sample.Maps) == 0 {
			return notFound
		}
		picture = greyRow(sample.Maps, sample.MapSide)
	default:
		return notFound
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "private, max-age=300") // a run is what its query says, until a new version
	w.Write(b.Bytes())                                      // a visitor who hung up is no error of ours
	return nil
}

// greyRow draws squares of values beside each other, in the greys of all of them: from black for 0 where none is
// negative, else with grey for 0. What is not finite is black.
func greyRow(squares [][]float32, side int) *image.Gray {
	low, high := greyScale(flat(squares))
	picture := image.NewGray(image.Rect(0, 0, len(squares)*side, side))
	for k, values := range squares {
		for i, v := range values {
			share := (float64(v) - low) / (high - low)
			if !(share > 0) { // NaN, too
				continue
			}
			picture.SetGray(k*side+i%side, i/side, color.Gray{Y: uint8(min(share, 1)*255 + .5)})
		}
	}
	return picture
}
