// Everything the console takes from npm, as one ES module. `python tests/console/vendor.py` bundles it.
export { createElement, Component } from "react";
export { createRoot } from "react-dom/client";
export { default as Form } from "@rjsf/core/lib/components/Form.js";
export * as rjsf from "@rjsf/utils";
export { Validator } from "@cfworker/json-schema";
