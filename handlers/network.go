package handlers

import (
	"net/http"

	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
)

// apiNetwork answers with the layers of a run's net, their shapes, parameters and multiply-adds, and what the twin has
// more or less. Nothing is trained for it.
func (s *site) apiNetwork(w http.ResponseWriter, r *http.Request) error {
	config, errs := experiment.ParseTrain(queryOf(r))
	if errs != nil {
		return badQuery(errs)
	}
	own, twin := config.Ledger(), config.Twin().Ledger()
	return writeJSON(w, http.StatusOK, map[string]any{
		"config": experiment.TrainTable().JSON(config), "layers": layersJSON(own),
		"parameters": own.Parameters(), "multiply_adds": own.MultiplyAdds(),
		"twin": map[string]any{
			"skip": config.Twin().Skip, "parameters": twin.Parameters(), "multiply_adds": twin.MultiplyAdds(),
			"parameters_difference": twin.Parameters() - own.Parameters(), "multiply_adds_difference": twin.MultiplyAdds() - own.MultiplyAdds(),
		},
	})
}

func layersJSON(ledger nn.Ledger) []map[string]any {
	layers := make([]map[string]any, len(ledger))
	for i, layer := range ledger {
		layers[i] = map[string]any{
			"name": layer.Name, "kind": layer.Kind, "output": layer.Output, "parameters": layer.Parameters, "multiply_adds": layer.MultiplyAdds,
		}
	}
	return layers
}
