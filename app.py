"""Latent Explorer: `streamlit run app.py`.

Streamlit imports this file once for the server and then runs it as a script, the router, for
every visitor and every click. The pages are the scripts under pages/.
"""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":
    from explorer.ui import frame, registry, tour

    frame.configure()
    page = st.navigation(registry.sections())
    tour.show(page)
    page.run()
else:
    from explorer.ui import frame, server

    app = st.App(
        __file__, lifespan=server.lifespan, routes=server.ROUTES, on_script_error=frame.report
    )
