// APPEND-ONLY: the text of these methods is stored in every stack's state and runs years later. Never edit, format or
// transpile it; a test holds its SHA-256. It captures the type's name only, and everything else is loaded when it runs.
"use strict";

module.exports = function forwarder(type) {
  return {
    configure: function (request) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "configure", args: [request] });
    },
    check: function (olds, news) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "check", args: [olds, news] });
    },
    diff: function (id, olds, news) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "diff", args: [id, olds, news] });
    },
    create: function (inputs) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "create", args: [inputs] });
    },
    read: function (id, properties) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "read", args: [id, properties] });
    },
    update: function (id, olds, news) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "update", args: [id, olds, news] });
    },
    delete: function (id, properties) {
      return require("@leea/pulumi/dynamic").dispatch({ v: 1, type: type, op: "delete", args: [id, properties] });
    },
  };
};
