// What the stub in a stack's state loads, for ever by this name: hands the request to the provider that is installed now.
"use strict";

exports.dispatch = (request) => require("@leea/provider/pulumi").dispatch(request);
