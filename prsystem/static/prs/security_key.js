/* Security keys (WebAuthn): what the page asks is in the form, and what the key answers is sent with it. */
(function () {
  "use strict";
  var asks = {
    create: function (options) {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    },
    get: function (options) {
      return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    },
  };
  var isAble = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;

  Array.prototype.forEach.call(document.querySelectorAll("form[data-key]"), function (form) {
    var failed = form.querySelector("[data-key-failed]"),
      button = form.querySelector("button");
    if (!isAble) {
      form.querySelector("[data-key-missing]").hidden = false;
      button.disabled = true;
      return;
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      button.disabled = true;
      Promise.resolve(JSON.parse(form.dataset.keyOptions))
        .then(asks[form.dataset.key])
        .then(function (credential) {
          form.querySelector("[data-key-answer]").value = JSON.stringify(credential.toJSON());
          form.submit();
        })
        .catch(function () {
          failed.hidden = false;
          button.disabled = false;
        });
    });
  });
})();
