"""A year: campaigns in their order, the results of one carried into the input of the next."""
