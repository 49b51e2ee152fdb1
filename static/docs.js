"use strict";

// A file of its own, so that the Content-Security-Policy of /docs can forbid scripts within the page.
const settings = JSON.parse(document.getElementById("swagger-ui").dataset.settings);
window.ui = SwaggerUIBundle({ ...settings, presets: [SwaggerUIBundle.presets.apis] });
