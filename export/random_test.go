package export

import (
	"fmt"
	"net/url"
	"strconv"

	"pgregory.net/rapid"

	"gradlab/mlcore/experiment"
)

// anyChain draws any valid chain, by the experiment's own table.
func anyChain(t *rapid.T) experiment.Chain {
	query := url.Values{}
	for _, f := range experiment.ChainTable().Fields(experiment.ChainTable().Default()) {
		query.Set(f.Name, anyValue(t, f))
	}
	c, errs := experiment.ParseChain(query)
	if errs != nil {
		t.Fatalf("%v is no valid chain: %v", query, errs)
	}
	return c
}

// anyTrain draws any valid run.
func anyTrain(t *rapid.T) experiment.Train {
	query := url.Values{}
	table := experiment.TrainTable()
	for _, f := range table.Fields(table.Default()) {
		if f.Name == "net" {
			query.Set("net", anyValue(t, f))
		}
	}
	c, _ := experiment.ParseTrain(query)
	for _, f := range table.Fields(c) {
		if f.Name != "net" {
			query.Set(f.Name, anyValue(t, f))
		}
	}
	batch := rapid.IntRange(2, 512).Draw(t, "batch")
	query.Set("batch", strconv.Itoa(batch))
	query.Set("count", strconv.Itoa(batch*rapid.IntRange(1, 5000/batch).Draw(t, "batches")))
	if query.Get("norm") == "group" {
		query.Set("channels", rapid.SampledFrom([]string{"1", "2", "4", "8", "32"}).Draw(t, "channels"))
	}
	c, errs := experiment.ParseTrain(query)
	if errs != nil { // it would take more time or memory than the server gives
		for name, small := range map[string]string{"steps": "1", "batch": "2", "count": "4", "n": "2"} {
			if query.Has(name) {
				query.Set(name, small)
			}
		}
		c, errs = experiment.ParseTrain(query)
	}
	if errs != nil {
		t.Fatalf("%v is no valid run: %v", query, errs)
	}
	return c
}

// anyBarcode draws any valid barcode of a net of moderate size.
func anyBarcode(t *rapid.T) experiment.Barcode {
	table, query := experiment.BarcodeTable(), url.Values{}
	query.Set("net", anyValue(t, table.Field(table.Default(), "net")))
	c, _ := experiment.ParseBarcode(query)
	for _, f := range table.Fields(c) {
		if f.Name != "net" {
			query.Set(f.Name, anyValue(t, f))
		}
	}
	for name, most := range map[string]int{"depth": 40, "width": 32, "n": 3} {
		if query.Has(name) {
			query.Set(name, strconv.Itoa(rapid.IntRange(1, most).Draw(t, name)))
		}
	}
	if query.Has("channels") {
		query.Set("channels", rapid.SampledFrom([]string{"1", "2", "4"}).Draw(t, "channels"))
	}
	c, errs := experiment.ParseBarcode(query)
	if errs != nil && errs["to"] == "" {
		t.Fatalf("%v is no valid barcode: %v", query, errs)
	}
	return c
}

// anyValue draws what a field accepts.
func anyValue(t *rapid.T, f experiment.Field) string {
	switch f.Kind {
	case experiment.Integer:
		return strconv.FormatInt(rapid.Int64Range(int64(f.Min), int64(f.Max)).Draw(t, f.Name), 10)
	case experiment.Real:
		return fmt.Sprint(rapid.Float64Range(f.Min, f.Max).Draw(t, f.Name))
	}
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	return rapid.SampledFrom(values).Draw(t, f.Name)
}
