package handlers

import (
	"bytes"
	"image/png"
	"net/http"

	"gradlab/handlers/board"
	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
)

// trainPictures answers with what a finished run keeps, as one grey PNG of squares beside each other: "samples" are the
// images that it was shown on, "maps" the feature maps of the one that the query names. It trains nothing: a run that
// is not known any more has no pictures.
func (s *site) trainPictures(w http.ResponseWriter, r *http.Request) error {
	config, view, errs := experiment.ParseTrainLab(web.Query(r))
	if errs != nil {
		return web.BadQuery(errs)
	}
	outcome, found := s.Runs.Finished(config)
	if !found {
		return web.NotFound
	}
	picture := board.TrainPicture(outcome, view, web.Path(r, "picture"))
	if picture == nil {
		return web.NotFound
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
