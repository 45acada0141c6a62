"""Pictures and colours from arrays, without streamlit."""
