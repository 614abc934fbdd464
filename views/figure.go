package views

// A Figure is one chart: its caption, the ECharts option that draws it and what it shows in words.
type Figure struct {
	ID      string
	Caption Text
	Option  any
	Label   string   // for screen readers
	Height  string   // a class: "tall" or "short"
	Keys    []string // the twins shown, "plain" and "residual": their colours are named beside the caption
}
