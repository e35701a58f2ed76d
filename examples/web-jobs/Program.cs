// Thumbnails: a picture is uploaded, a job makes it small, and the page asks for the result.
using System;
using System.IO;
using Daemonproxy.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string work = Path.GetFullPath(builder.Configuration["Work"] ?? "work");
string pictures = Directory.CreateDirectory(Path.Combine(work, "pictures")).FullName;
builder.Services.AddDaemonproxyJobs(options =>
{
    options.Socket = builder.Configuration["Socket"] ?? Path.Combine(work, "web.sock");
    options.Directory = Path.Combine(work, "jobs");
    options.Queues["thumbnails"] = 2;
});
WebApplication app = builder.Build();

app.MapGet("/", () => Results.Content("""
    <!doctype html><meta charset="utf-8"><title>Thumbnails</title>
    <form method="post" action="/thumbnails" enctype="multipart/form-data">
    <label>A picture: <input type="file" name="picture" accept="image/*"></label> <button>Make it small</button>
    </form><p><a href="/jobs">The jobs</a>
    """, "text/html"));

app.MapPost("/thumbnails", async (IFormFile picture, IJobs jobs) =>
{
    // The name is ours: what a browser calls its file becomes no part of a command.
    string name = Guid.NewGuid().ToString("N")[..16];
    await using (FileStream file = File.Create(Path.Combine(pictures, name)))
    {
        await picture.CopyToAsync(file);
    }

    // What GraphicsMagick reads from its standard input goes by a descriptor, and its output is the log of the job.
    await using FileStream input = File.OpenRead(Path.Combine(pictures, name));
    await jobs.StartAsync(new JobRequest("gm", "convert", "-", "-resize", "200x200", $"{name}.jpg")
    {
        Name = name,
        Directory = pictures,
        Input = input,
        Queue = "thumbnails",
        TimeLimit = TimeSpan.FromMinutes(1),
        Retries = new JobRetries(2),
        Limits = ["as=1073741824"],
    });
    return Results.Redirect($"/thumbnails/{name}");
}).DisableAntiforgery();

app.MapGet("/thumbnails/{name}", async (string name, IJobs jobs) => await jobs.FindAsync(name) switch
{
    null => Results.NotFound(),
    { Status: JobStatus.Succeeded } => Results.File(Path.Combine(pictures, $"{name}.jpg"), "image/jpeg"),
    { IsOver: true } job => Results.Text($"{job.Status}: {job.Reason ?? $"exit code {job.ExitCode}"}", statusCode: 422),
    { } job => Results.Content(
        $"<!doctype html><meta http-equiv=refresh content=1><title>{job.Status}</title>{job.Status} ...", "text/html"),
});

// Anybody may look at the jobs here, and stop them: an application of yours has a policy for that.
app.MapDaemonproxyJobs("/jobs").AllowAnonymous();
app.Run();
