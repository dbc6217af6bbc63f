"""Charts as pictures: a Vega-Lite specification in, SVG or PNG out.

Rule: what draws carries an engine for scripts, so it lives in a process of its own that knows
nothing but the specification; where it fails, a page shows its table and no picture.
"""
