"""The mathematics behind the lab's experiments, numpy in, numpy out: nothing here is trained."""
