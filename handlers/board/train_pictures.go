package board

import (
	"image"
	"image/color"

	"gradlab/mlcore/data"
	"gradlab/mlcore/experiment"
)

// TrainPicture draws what a finished run keeps, as squares beside each other: "samples" are the images that it was shown on,
// "maps" the feature maps of the one that the view has in hand. It is nil where there is no such picture.
func TrainPicture(o *experiment.Outcome, view experiment.TrainView, name string) *image.Gray {
	switch name {
	case "samples":
		var images [][]float32
		for _, sample := range o.Samples {
			images = append(images, sample.Image)
		}
		return greyRow(images, data.Width)
	case "maps":
		if sample := o.Samples[min(view.Image, len(o.Samples)-1)]; len(sample.Maps) > 0 {
			return greyRow(sample.Maps, sample.MapSide)
		}
	}
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
