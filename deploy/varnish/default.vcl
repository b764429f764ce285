# Varnish between nginx (which has the certificate) and the processes of the application, instead
# of nginx's own cache: nextgen/upstream.conf then names 127.0.0.1:6081 alone.
vcl 4.1;
import directors;
import std;

probe alive {
    .request = "GET /healthz HTTP/1.1" "Host: 127.0.0.1" "Connection: close";
    .interval = 1s;
    .timeout = 1s;
    .window = 2;
    .threshold = 1;
    .initial = 1;
}
backend one { .host = "127.0.0.1"; .port = "8001"; .probe = alive; .connect_timeout = 2s; .first_byte_timeout = 30s; }
backend two { .host = "127.0.0.1"; .port = "8002"; .probe = alive; .connect_timeout = 2s; .first_byte_timeout = 30s; }

# Who may say that pages have changed: the processes of the site (PURGE_URLS=http://127.0.0.1:6081/).
# Where they run on other machines, add those.
acl this_machine { "localhost"; }

sub vcl_init {
    new processes = directors.round_robin();
    processes.add_backend(one);
    processes.add_backend(two);
}

sub vcl_recv {
    # nginx has written the visitor's address; Varnish appended that of nginx.
    set req.http.X-Forwarded-For = regsub(req.http.X-Forwarded-For, "(^|,)[^,]*$", "");
    set req.backend_hint = processes.backend();
    # For a second a copy is sent while a new one is fetched; longer only if nobody answers.
    if (std.healthy(req.backend_hint)) { set req.grace = 1s; }
    if (req.method == "BAN" || req.method == "PURGE") {
        if (client.ip !~ this_machine || req.http.X-Forwarded-For != "") { return (synth(403)); }
        if (!req.http.Surrogate-Key) { set req.http.Surrogate-Key = "plan"; }
        ban("obj.http.Surrogate-Key ~ (^|\s)" + req.http.Surrogate-Key + "($|\s)");
        return (synth(200, "Banned"));
    }
    # One copy a coding, whatever words a browser has for it.
    if (req.http.Accept-Encoding ~ "br") { set req.http.Accept-Encoding = "br"; }
    elseif (req.http.Accept-Encoding ~ "gzip") { set req.http.Accept-Encoding = "gzip"; }
    else { unset req.http.Accept-Encoding; }
    if (req.method != "GET" && req.method != "HEAD") { return (pass); }
    if (req.http.Cookie ~ "(^|;\s*)sessionid=" || req.url == "/" || req.url ~ "^/\?") { return (pass); }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_fetch {
    # What a restarting process did not answer, another is asked.
    if (bereq.retries > 0) { set bereq.backend = processes.backend(); }
}

sub vcl_backend_error {
    if ((bereq.method == "GET" || bereq.method == "HEAD") && bereq.retries < 2) { return (retry); }
}

sub vcl_backend_response {
    # The last good copy serves while the application or its database is away.
    if (beresp.status >= 500 && bereq.is_bgfetch) { return (abandon); }
    if (beresp.http.Cache-Control ~ "(private|no-store)" || beresp.http.Cache-Control !~ "public" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        return (deliver);
    }
    set beresp.ttl = 1s;
    set beresp.grace = 7d;
    set beresp.do_gzip = false;
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    unset resp.http.Surrogate-Key;
}
