#!/bin/sh
# Runs a command as root in a small virtual machine whose only control groups are version 2, on the host's own root,
# read-only. For machines that have version 1. Slow: the machine is emulated.
# Usage: vm_cgroup2.sh COMMAND [ARGUMENT...]     Needs: qemu-system-x86 busybox-static cpio linux-image-amd64
# The command starts in the root group, which may always be divided. With VM_SCOPE=UID in the environment it starts in
# a group below, which belongs to that user, as in a scope that systemd delegated.
set -eu
kernel=$(ls /boot/vmlinuz-* | tail -n 1)
version=${kernel#/boot/vmlinuz-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/bin" "$work/root/modules" "$work/root/proc" "$work/root/new"
cp "$(command -v busybox)" "$work/root/bin/busybox"

: > "$work/list"
for module in virtio_pci 9pnet_virtio 9p; do
  modprobe -S "$version" --show-depends "$module" | while read -r kind path rest; do
    [ "$kind" = insmod ] && ! grep -q "/$(basename "$path")\$" "$work/list" && echo "$path" >> "$work/list" || true
  done
done
while read -r path; do
  cp "$path" "$work/root/modules/"
  echo "busybox insmod /modules/$(basename "$path")"
done < "$work/list" > "$work/insert"

{
  echo '#!/bin/busybox sh'
  echo 'export PATH=/bin'
  cat "$work/insert"
  cat << 'INIT'
busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 hostroot /new
busybox mount -t proc proc /new/proc
busybox mount -t sysfs sys /new/sys
busybox mount -t devtmpfs dev /new/dev
busybox mount -t tmpfs tmp /new/tmp
busybox mount -t tmpfs run /new/run
busybox mount -t cgroup2 cgroup2 /new/sys/fs/cgroup
busybox ip link set lo up
exec busybox switch_root /new /bin/sh /run/go
INIT
} > "$work/root/init"
# The command travels inside the initramfs; quoting keeps its words apart.
{
  if [ -n "${VM_SCOPE:-}" ]; then
    cat << SCOPE
echo "+memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/scope
cd /sys/fs/cgroup/scope
chown $VM_SCOPE . cgroup.procs cgroup.subtree_control cgroup.threads
echo \$\$ > cgroup.procs
SCOPE
  fi
  echo "cd '$(pwd)'; export PJ_REQUIRE_SANDBOX=${PJ_REQUIRE_SANDBOX:-1}"
  for word in "$@"; do printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"; done
  echo
  echo 'echo "VM-EXIT-STATUS $?"; echo o > /proc/sysrq-trigger; while :; do :; done'
} > "$work/root/go"
sed -i 's|^exec busybox switch_root|busybox cp /go /new/run/go\nexec busybox switch_root|' "$work/root/init"
chmod +x "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc --quiet | gzip -1) > "$work/initrd"

timeout "${VM_TIMEOUT:-900}" qemu-system-x86_64 -m 2048 -smp 2 -nographic -no-reboot -kernel "$kernel" \
  -initrd "$work/initrd" -append "console=ttyS0 quiet panic=-1" \
  -virtfs local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap < /dev/null |
  tee "$work/log"
grep -q '^VM-EXIT-STATUS 0' "$work/log"
