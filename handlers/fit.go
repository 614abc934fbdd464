package handlers

import (
	"net/url"

	"gradlab/mlcore/experiment"
)

// What one run may hold is a share of what this server has, so only here a config that is fit anywhere may turn out too large. It is
// said at the field, as what is wrong with it everywhere.

// parseTrainLab reads the query of the training lab, which trains the twin, too.
func (s *site) parseTrainLab(query url.Values) (experiment.Train, experiment.TrainView, experiment.FieldErrors) {
	config, view, errs := experiment.ParseTrainLab(query)
	if errs == nil {
		errs = s.overMemory(lanesOf(config)...)
	}
	return config, view, errs
}

// parseSweep reads the query of a sweep.
func (s *site) parseSweep(query url.Values) (experiment.Sweep, experiment.FieldErrors) {
	config, errs := experiment.ParseSweep(query)
	if errs == nil {
		errs = s.overMemory(runsOf(config.Plan())...)
	}
	return config, errs
}

// overMemory is what is wrong with the first of the runs that this server has not the memory for; nil where it has.
func (s *site) overMemory(runs ...experiment.Train) experiment.FieldErrors {
	for _, run := range runs {
		if errs := run.OverMemory(s.Runs.Most()); errs != nil {
			return errs
		}
	}
	return nil
}
