// SPDX-License-Identifier: GPL-2.0
/*
 * fake_vgpu: in tests, the host driver of a GPU vendor that carves a card into virtual functions and serves them to VMs
 * itself, so that they stay on the vendor's driver: each has a folder nvidia/ with the types that it could still become
 * (creatable_vgpu_types) and the one that it is (current_vgpu_type). All functions of a card share its memory and are of
 * one size.
 *
 * It drives nothing but the NVMe controller that QEMU emulates, shown under the ids that its parameters give, and is no
 * part of leea: a separate program under the kernel's licence. The numbers of its errors are its own choice.
 */

#include <linux/device.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#define QEMU_VENDOR 0x1b36
#define QEMU_NVME 0x0010
#define SHOWN_VENDOR 0x10de

static ushort shown_device = 0x2335;
module_param(shown_device, ushort, 0444);
MODULE_PARM_DESC(shown_device, "PCI device id that the card and its functions are shown under");

static uint shown_class = 0x030200;
module_param(shown_class, uint, 0444);
MODULE_PARM_DESC(shown_class, "PCI class that they are shown under");

static uint memory_mib = 4096;
module_param(memory_mib, uint, 0444);
MODULE_PARM_DESC(memory_mib, "memory of a card that its functions share, in MiB");

static bool takes_numvfs = true;
module_param(takes_numvfs, bool, 0644);
MODULE_PARM_DESC(takes_numvfs, "whether sriov_numvfs may be written, or only the vendor's tool enables functions");

/* What a function can become. */
struct vgpu_type {
	unsigned int id;
	unsigned int size_mib;
	const char *name;
};

static const struct vgpu_type vgpu_types[] = {
	{ 1147, 1024, "FAKE H200X-1Q" },
	{ 1148, 2048, "FAKE H200X-2Q" },
	{ 1149, 4096, "FAKE H200X-4Q" },
};

/* What a device is without its disguise. */
struct true_ids {
	unsigned short vendor;
	unsigned short device;
	unsigned int class;
};

/* The physical function. It outlives its virtual ones: they are disabled before it goes. */
struct card {
	struct mutex lock; /* of the list, and of what its functions are and whether they are open */
	struct list_head functions;
	struct true_ids ids;
};

/* A virtual function. The driver core's data of its device is `core`, as vfio_pci_core wants it. */
struct function {
	struct vfio_pci_core_device core;
	struct card *card;
	struct list_head sibling;
	const struct vgpu_type *type; /* NULL until one is written */
	bool is_open;
};

static struct pci_driver fake_vgpu_driver;

static struct function *function_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct function, core.vdev);
}

static struct function *function_of_device(struct device *dev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(dev);

	return container_of(core, struct function, core);
}

static const struct vgpu_type *find_type(unsigned int id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vgpu_types); i++)
		if (vgpu_types[i].id == id)
			return &vgpu_types[i];
	return NULL;
}

/* Whether the card has room for one more of the type, and none of another size. Called with the card's lock held. */
static bool has_room(struct card *card, const struct vgpu_type *type)
{
	unsigned int used_mib = 0;
	struct function *each;

	list_for_each_entry(each, &card->functions, sibling) {
		if (!each->type)
			continue;
		if (each->type->size_mib != type->size_mib)
			return false;
		used_mib += each->type->size_mib;
	}
	return used_mib + type->size_mib <= memory_mib;
}

static ssize_t creatable_vgpu_types_show(struct device *dev, struct device_attribute *attr, char *page)
{
	struct function *function = function_of_device(dev);
	ssize_t length = sysfs_emit(page, "ID    : vGPU Name\n");
	size_t i;

	mutex_lock(&function->card->lock);
	for (i = 0; i < ARRAY_SIZE(vgpu_types) && !function->type; i++) {
		const struct vgpu_type *type = &vgpu_types[i];

		if (has_room(function->card, type))
			length += sysfs_emit_at(page, length, "%-5u : %s\n", type->id, type->name);
	}
	mutex_unlock(&function->card->lock);
	return length;
}
static DEVICE_ATTR_RO(creatable_vgpu_types);

static ssize_t current_vgpu_type_show(struct device *dev, struct device_attribute *attr, char *page)
{
	struct function *function = function_of_device(dev);
	unsigned int id;

	mutex_lock(&function->card->lock);
	id = function->type ? function->type->id : 0;
	mutex_unlock(&function->card->lock);
	return sysfs_emit(page, "%u\n", id);
}

/* Called with the card's lock held. 0 takes the type away. */
static int become(struct function *function, unsigned int id)
{
	const struct vgpu_type *type = find_type(id);

	if (function->is_open)
		return -EPERM;
	if (id == 0) {
		function->type = NULL;
		return 0;
	}
	if (function->type)
		return -EEXIST;
	if (!type)
		return -EINVAL;
	if (!has_room(function->card, type))
		return -ENOSPC;
	function->type = type;
	return 0;
}

static ssize_t current_vgpu_type_store(struct device *dev, struct device_attribute *attr, const char *text, size_t length)
{
	struct function *function = function_of_device(dev);
	unsigned int id;
	int error = kstrtouint(text, 0, &id);

	if (error)
		return error;
	mutex_lock(&function->card->lock);
	error = become(function, id);
	mutex_unlock(&function->card->lock);
	return error ? error : length;
}
static DEVICE_ATTR_RW(current_vgpu_type);

static struct attribute *function_attributes[] = {
	&dev_attr_creatable_vgpu_types.attr,
	&dev_attr_current_vgpu_type.attr,
	NULL,
};

static const struct attribute_group function_group = { .name = "nvidia", .attrs = function_attributes };

/* A VM opens the function: only one that has become something. */
static int open_function(struct vfio_device *vdev)
{
	struct function *function = function_of(vdev);
	int error = -ENODEV;

	mutex_lock(&function->card->lock);
	if (function->type)
		error = vfio_pci_core_enable(&function->core);
	function->is_open = !error;
	mutex_unlock(&function->card->lock);
	if (!error)
		vfio_pci_core_finish_enable(&function->core);
	return error;
}

static void close_function(struct vfio_device *vdev)
{
	struct function *function = function_of(vdev);

	vfio_pci_core_close_device(vdev);
	mutex_lock(&function->card->lock);
	function->is_open = false;
	mutex_unlock(&function->card->lock);
}

static const struct vfio_device_ops function_operations = {
	.name = "fake-vgpu",
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = open_function,
	.close_device = close_function,
	.ioctl = vfio_pci_core_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
#endif
};

/* Asked of the hardware, not of what the kernel was told: a real card of this vendor is never taken. */
static bool is_emulated(struct pci_dev *pdev)
{
	u16 vendor, device;

	pci_read_config_word(pci_physfn(pdev), PCI_VENDOR_ID, &vendor);
	pci_read_config_word(pci_physfn(pdev), PCI_DEVICE_ID, &device);
	return vendor == QEMU_VENDOR && device == QEMU_NVME;
}

static void disguise(struct pci_dev *pdev)
{
	pdev->vendor = SHOWN_VENDOR;
	pdev->device = shown_device;
	pdev->class = shown_class;
}

static int probe_card(struct pci_dev *pdev)
{
	struct card *card = kzalloc(sizeof(*card), GFP_KERNEL);
	int error;

	if (!card)
		return -ENOMEM;
	error = pci_enable_device(pdev);
	if (error) {
		kfree(card);
		return error;
	}
	pci_set_master(pdev);
	mutex_init(&card->lock);
	INIT_LIST_HEAD(&card->functions);
	card->ids = (struct true_ids){ pdev->vendor, pdev->device, pdev->class };
	disguise(pdev);
	pci_set_drvdata(pdev, card);
	return 0;
}

static void remove_card(struct pci_dev *pdev)
{
	struct card *card = pci_get_drvdata(pdev);

	pci_disable_sriov(pdev);
	pci_disable_device(pdev);
	pdev->vendor = card->ids.vendor;
	pdev->device = card->ids.device;
	pdev->class = card->ids.class;
	mutex_destroy(&card->lock);
	kfree(card);
}

/* The card whose function this is, where this driver has the card; else NULL. */
static struct card *card_of(struct pci_dev *pdev)
{
	struct pci_dev *physical = pci_physfn(pdev);

	return physical->driver == &fake_vgpu_driver ? pci_get_drvdata(physical) : NULL;
}

static int probe_function(struct pci_dev *pdev)
{
	struct card *card = card_of(pdev);
	struct function *function;
	int error;

	if (!card)
		return -ENODEV;
	disguise(pdev);
	function = vfio_alloc_device(function, core.vdev, &pdev->dev, &function_operations);
	if (IS_ERR(function))
		return PTR_ERR(function);
	function->card = card;
	dev_set_drvdata(&pdev->dev, &function->core);
	mutex_lock(&card->lock);
	list_add_tail(&function->sibling, &card->functions);
	mutex_unlock(&card->lock);
	error = vfio_pci_core_register_device(&function->core);
	if (error)
		goto forget;
	error = sysfs_create_group(&pdev->dev.kobj, &function_group);
	if (!error)
		return 0;
	vfio_pci_core_unregister_device(&function->core);
forget:
	mutex_lock(&card->lock);
	list_del(&function->sibling);
	mutex_unlock(&card->lock);
	vfio_put_device(&function->core.vdev);
	return error;
}

static void remove_function(struct pci_dev *pdev)
{
	struct function *function = function_of_device(&pdev->dev);

	sysfs_remove_group(&pdev->dev.kobj, &function_group);
	/* Waits until no VM has it open. */
	vfio_pci_core_unregister_device(&function->core);
	mutex_lock(&function->card->lock);
	list_del(&function->sibling);
	mutex_unlock(&function->card->lock);
	vfio_put_device(&function->core.vdev);
}

static int fake_vgpu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	if (!is_emulated(pdev))
		return -ENODEV;
	return pdev->is_virtfn ? probe_function(pdev) : probe_card(pdev);
}

static void fake_vgpu_remove(struct pci_dev *pdev)
{
	if (pdev->is_virtfn)
		remove_function(pdev);
	else
		remove_card(pdev);
}

static int fake_vgpu_configure(struct pci_dev *pdev, int count)
{
	return takes_numvfs ? pci_sriov_configure_simple(pdev, count) : -EPERM;
}

/* No MODULE_DEVICE_TABLE: it is loaded by who wants it, never because a device is there. */
static const struct pci_device_id fake_vgpu_ids[] = {
	{ PCI_DEVICE(QEMU_VENDOR, QEMU_NVME) },
	{ PCI_DEVICE(SHOWN_VENDOR, PCI_ANY_ID) },
	{ }
};

static struct pci_driver fake_vgpu_driver = {
	.name = "nvidia",
	.id_table = fake_vgpu_ids,
	.probe = fake_vgpu_probe,
	.remove = fake_vgpu_remove,
	.sriov_configure = fake_vgpu_configure,
	.driver_managed_dma = true,
};
module_pci_driver(fake_vgpu_driver);

MODULE_DESCRIPTION("A GPU vendor's driver for tests, over QEMU's emulated NVMe controller");
MODULE_LICENSE("GPL");
