package board

import (
	"cmp"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// blocksPresets are the settings that a lecture walks through.
var blocksPresets = []views.Link{
	{Label: "whole", Href: "/labs/blocks"},
	{Label: "one block out", Href: "/labs/blocks?out=5"},
	{Label: "one after a change of size", Href: "/labs/blocks?out=4"},
	{Label: "three out", Href: "/labs/blocks?out=2%2C5%2C8"},
	{Label: "two swapped", Href: "/labs/blocks?swap=5-6"},
	{Label: "other weights", Href: "/labs/blocks?out=5&seed=1"},
	{Label: "26 layers", Href: "/labs/blocks?n=4&out=6"},
}

// BlocksControls is the form, and the fields of it that links change.
func BlocksControls(c experiment.Blocks, v experiment.BlocksView, errs experiment.FieldErrors) (views.Controls, []views.Hidden) {
	var hidden []views.Hidden
	values := experiment.BlocksViewTable().Values(v)
	for _, f := range experiment.BlocksViewTable().Fields(experiment.BlocksView{Click: "swap"}) { // all that there are
		hidden = append(hidden, views.Hidden{Name: f.Name, Value: cmp.Or(values[f.Name], f.Default), Default: f.Default})
	}
	return controls("/labs/blocks", experiment.BlocksTable(), c, errs, blocksPresets), hidden
}
