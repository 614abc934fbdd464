package board

import (
	"math"
	"net/url"
	"strconv"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// controls makes the form of a lab from the fields that apply to a config.
func controls[C any](action string, t experiment.Table[C], config C, errs experiment.FieldErrors, presets []views.Link) views.Controls {
	c := views.Controls{Action: action, Presets: presets}
	values := t.Values(config)
	for _, f := range t.Fields(config) {
		control := views.Control{
			Name: f.Name, Label: f.Label, Help: f.Help, Value: values[f.Name], Default: f.Default,
			Whole: f.Kind == experiment.Integer, Rare: f.Rare, Mute: f.Rare && values[f.Name] == f.Default, Error: errs[f.Name],
		}
		switch f.Kind {
		case experiment.Choice:
			for _, o := range f.Choices {
				control.Options = append(control.Options, views.Option(o))
			}
		case experiment.Text:
			control.Most = f.Most
		default:
			low, high := f.Slider()
			control.Min, control.Max = decimal(f.Min), decimal(f.Max)
			control.SliderMin, control.SliderMax, control.Step = decimal(low), decimal(high), decimal(f.Step)
			if control.SliderValue = control.Value; f.Log {
				value, _ := strconv.ParseFloat(control.Value, 64) // the table wrote it
				control.Log, control.SliderMin, control.SliderMax, control.SliderValue = true, exponent(low), exponent(high), exponent(value)
			}
		}
		if f.Rare {
			c.Rare = append(c.Rare, control)
		} else {
			c.Shown = append(c.Shown, control)
		}
	}
	return c
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// exponent is the power of ten that a value above 0 is, to as many digits as a handle needs.
func exponent(v float64) string { return decimal(math.Round(1000*math.Log10(v)) / 1000) }

// refusal names the fields that keep a config from being run; "" where none of these does.
func refusal(fields []experiment.Field, errs experiment.FieldErrors) string {
	said := ""
	for _, f := range fields {
		if message := errs[f.Name]; message != "" {
			said += " " + f.Label + " " + message + "."
		}
	}
	if said == "" {
		return ""
	}
	return "This cannot run." + said
}

// exports are the links to the files of an experiment.
func exports(lab string, query url.Values) []views.Link {
	to := func(label, ending string) views.Link {
		return views.Link{Label: label, Href: views.Href("/export/"+lab+"."+ending, query)}
	}
	return []views.Link{to("PyTorch", "py"), to("notebook", "ipynb"), to("CSV", "csv")}
}
