"""The Streamlit side: state, cached resources, the frame of the pages and the live map.

The only package (with ``pages/`` and ``app.py``) that imports streamlit. What needs no streamlit
is kept in modules that do not: wire, places, colours, words, findings, folders.
"""
