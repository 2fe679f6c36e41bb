// A page outside of the desk: sign in, or something went wrong. What was sent has not arrived, as far
// as one can know, so its words stay in this tab and stand in their form again.
sessionStorage.removeItem("draft-sent");
